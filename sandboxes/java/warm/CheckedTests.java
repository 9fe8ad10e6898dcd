import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Puts the counting into the text of tests: each element of a list of checks is noted, each `correct.contains(false)` and
 * each condition of an `if (...) throw new AssertionError()` is counted (humaneval.Checks says how).
 *
 * <p>Reads trusted text only, by the compiler's public tree. Lines stay where they are.
 */
final class CheckedTests extends TreeScanner<Void, Void> {
    private static final String CHECKS = "humaneval.Checks.";
    private static final int LONGEST = 300;

    private final String source;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Set<String> functions; // whose calls are the candidate's
    private final List<Edit> edits = new ArrayList<>();

    private record Edit(int from, int to, String text) {}

    private CheckedTests(String source, CompilationUnitTree unit, SourcePositions positions, Set<String> functions) {
        this.source = source;
        this.unit = unit;
        this.positions = positions;
        this.functions = functions;
    }

    /** The text with its checks counted; a text that cannot be read is left for the compiler to refuse. */
    static String counted(String source, JavacTask parser, Set<String> functions) {
        try {
            CompilationUnitTree unit = parser.parse().iterator().next();
            CheckedTests tests = new CheckedTests(source, unit, Trees.instance(parser).getSourcePositions(), functions);
            tests.scan(unit, null);
            return tests.edited();
        } catch (java.io.IOException never) { // a source in memory
            return source;
        }
    }

    private String edited() {
        edits.sort(Comparator.comparingInt(Edit::from).reversed());
        StringBuilder text = new StringBuilder(source);
        for (Edit edit : edits) {
            text.replace(edit.from, edit.to, edit.text);
        }
        return text.toString();
    }

    @Override
    public Void visitVariable(VariableTree variable, Void none) {
        if (variable.getType() != null && variable.getType().toString().matches("(java\\.util\\.)?List<Boolean>")
                && variable.getInitializer() instanceof MethodInvocationTree list
                && list.getMethodSelect().toString().matches("(java\\.util\\.)?(Arrays\\.asList|List\\.of)")) {
            for (ExpressionTree check : list.getArguments()) {
                around(check, "note", true);
            }
        }
        return super.visitVariable(variable, none);
    }

    @Override
    public Void visitIf(IfTree test, Void none) {
        if (throwsAssertionError(test.getThenStatement())) {
            ExpressionTree condition = inner(test.getCondition());
            ExpressionTree list = listOf(condition);
            if (list == null) {
                around(condition, "fails", false);
            } else {
                edits.add(new Edit(start(condition), end(condition), CHECKS + "anyFails(" + text(list) + ")"));
            }
        }
        return super.visitIf(test, none);
    }

    private static boolean throwsAssertionError(StatementTree statement) {
        if (statement instanceof BlockTree block) {
            return block.getStatements().size() == 1 && throwsAssertionError(block.getStatements().get(0));
        }
        return statement instanceof ThrowTree thrown && thrown.getExpression() instanceof NewClassTree made
                && made.getIdentifier().toString().equals("AssertionError");
    }

    /** What `contains(false)` is asked of, or null for any other condition. */
    private static ExpressionTree listOf(ExpressionTree condition) {
        return condition instanceof MethodInvocationTree call && call.getMethodSelect() instanceof MemberSelectTree member
                && member.getIdentifier().contentEquals("contains") && call.getArguments().size() == 1
                && call.getArguments().get(0).toString().equals("false") ? member.getExpression() : null;
    }

    private void around(ExpressionTree expression, String check, boolean holds) {
        edits.add(new Edit(start(expression), start(expression), CHECKS + check + "(" + quoted(expected(expression, holds)) + ", "));
        edits.add(new Edit(end(expression), end(expression), ")"));
    }

    /** What a condition says it expects, where its being `holds` is what is wanted. */
    private String expected(ExpressionTree condition, boolean holds) {
        ExpressionTree plain = inner(condition);
        if (plain instanceof UnaryTree not && plain.getKind() == Tree.Kind.LOGICAL_COMPLEMENT) {
            return expected(not.getExpression(), !holds);
        }
        if (plain instanceof BinaryTree both) {
            Tree.Kind kind = both.getKind();
            if (kind == Tree.Kind.EQUAL_TO || kind == Tree.Kind.NOT_EQUAL_TO) {
                return side(both.getLeftOperand(), both.getRightOperand(), holds == (kind == Tree.Kind.EQUAL_TO));
            }
            if (inner(both.getLeftOperand()) instanceof MethodInvocationTree abs && abs.getArguments().size() == 1
                    && inner(abs.getArguments().get(0)) instanceof BinaryTree minus && minus.getKind() == Tree.Kind.MINUS) {
                return side(minus.getLeftOperand(), minus.getRightOperand(), true);
            }
            return text(plain);
        }
        if (!(plain instanceof MethodInvocationTree call)) {
            return text(plain);
        }
        List<? extends ExpressionTree> given = call.getArguments();
        if (call.getMethodSelect() instanceof MemberSelectTree member && member.getIdentifier().toString().matches("(e|deepE)quals")) {
            return side(given.size() == 2 ? given.get(0) : member.getExpression(), given.get(given.size() - 1), holds);
        }
        return String.valueOf(holds);
    }

    /** The side that calls nothing of the candidate's. */
    private String side(ExpressionTree one, ExpressionTree other, boolean equal) {
        return (equal ? "" : "not ") + text(calls(other) ? one : other);
    }

    private boolean calls(ExpressionTree side) {
        boolean[] found = {false};
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void none) {
                String name = call.getMethodSelect().toString();
                found[0] |= functions.contains(name.substring(name.lastIndexOf('.') + 1));
                return super.visitMethodInvocation(call, none);
            }
        }.scan(side, null);
        return found[0];
    }

    private static ExpressionTree inner(ExpressionTree expression) {
        return expression instanceof ParenthesizedTree brackets ? inner(brackets.getExpression()) : expression;
    }

    private int start(Tree tree) {
        return (int) positions.getStartPosition(unit, tree);
    }

    private int end(Tree tree) {
        return (int) positions.getEndPosition(unit, tree);
    }

    private String text(Tree tree) {
        String text = source.substring(start(tree), end(tree)).replaceAll("\\s+", " ");
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }

    private static String quoted(String text) {
        StringBuilder literal = new StringBuilder("\"");
        for (char unit : text.toCharArray()) {
            literal.append(unit == '"' || unit == '\\' ? "\\" : "").append(unit);
        }
        return literal.append('"').toString();
    }
}
