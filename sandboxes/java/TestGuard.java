import java.util.Map;
import java.util.Set;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.Opcodes;
import jdk.internal.org.objectweb.asm.tree.AbstractInsnNode;
import jdk.internal.org.objectweb.asm.tree.ClassNode;
import jdk.internal.org.objectweb.asm.tree.JumpInsnNode;
import jdk.internal.org.objectweb.asm.tree.MethodInsnNode;
import jdk.internal.org.objectweb.asm.tree.MethodNode;
import jdk.internal.org.objectweb.asm.tree.TypeInsnNode;

/**
 * Rewrites the class files of the tests (never the candidate's): comparisons go through Checks, which compares plain
 * values and counts, and a method that only the candidate knows of is refused.
 *
 * <p>Not covered: a comparison hidden in a method reference, and a candidate's method that the tests name themselves
 * (that is what they test).
 */
final class TestGuard {
    private static final String CHECKS = "java/lang/Checks";
    private static final String TWO = "(Ljava/lang/Object;Ljava/lang/Object;)Z";
    private static final String TWO_ARRAYS = "([Ljava/lang/Object;[Ljava/lang/Object;)Z";
    private static final Map<String, String> STATIC = Map.of(
            "java/util/Objects.equals" + TWO, "equalOrNull",
            "java/util/Objects.deepEquals" + TWO, "deepEqual",
            "java/util/Arrays.equals" + TWO_ARRAYS, "deepEqual",
            "java/util/Arrays.deepEquals" + TWO_ARRAYS, "deepEqual");
    private static final Set<String> COLLECTIONS =
            Set.of("java/util/Collection", "java/util/List", "java/util/ArrayList", "java/util/Set", "java/util/HashSet");

    private TestGuard() {}

    /** The tests cannot be compiled against this candidate without trusting it. */
    static final class Tampered extends Exception {
        private static final long serialVersionUID = 1;

        Tampered(String why) {
            super(why);
        }
    }

    static byte[] rewrite(byte[] file, Set<String> all, Set<String> ofTests, String tests) throws Tampered {
        ClassNode node = new ClassNode();
        new ClassReader(file).accept(node, 0);
        for (MethodNode method : node.methods) {
            if (node.name.equals("Main") && method.name.equals("main")) {
                method.instructions.insert(call("begin"));
            }
            for (AbstractInsnNode at = method.instructions.getFirst(); at != null; at = at.getNext()) {
                if (at instanceof MethodInsnNode call) {
                    redirect(call);
                    refuseForeign(call, all, ofTests, tests);
                } else if (at instanceof JumpInsnNode && throwsAssertionError(at) && !isCheck(previous(at), "contains")) {
                    method.instructions.insertBefore(at, call("count"));
                }
            }
        }
        ClassWriter writer = new ClassWriter(0);
        node.accept(writer);
        return writer.toByteArray();
    }

    /** Points a comparison at the method of Checks that takes its place; the operand stack stays as it is. */
    private static void redirect(MethodInsnNode call) {
        boolean onObject = call.getOpcode() == Opcodes.INVOKEVIRTUAL || call.getOpcode() == Opcodes.INVOKEINTERFACE;
        String name = null;
        if (onObject && call.desc.equals("(Ljava/lang/Object;)Z")) {
            boolean contains = call.name.equals("contains") && COLLECTIONS.contains(call.owner);
            name = call.name.equals("equals") ? "equal" : contains ? "contains" : null;
        } else if (call.getOpcode() == Opcodes.INVOKESTATIC) {
            name = STATIC.get(call.owner + "." + call.name + call.desc);
        }
        if (name != null) {
            call.setOpcode(Opcodes.INVOKESTATIC);
            call.owner = CHECKS;
            call.name = name;
            call.desc = TWO;
            call.itf = false;
        }
    }

    /** A returned object of the candidate's own class could answer equals(String) or get() as it likes. */
    private static void refuseForeign(MethodInsnNode call, Set<String> all, Set<String> ofTests, String tests) throws Tampered {
        if (!all.contains(call.owner) || ofTests.contains(call.owner)) {
            return;
        }
        for (String name : call.owner.split("\\$")) {
            if (!tests.matches("(?s).*\\b" + name + "\\b.*")) {
                throw new Tampered("the tests would call " + call.name + " of the candidate's class " + call.owner.replace('$', '.'));
            }
        }
    }

    private static MethodInsnNode call(String name) {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, CHECKS, name, "()V", false);
    }

    private static boolean throwsAssertionError(AbstractInsnNode jump) {
        AbstractInsnNode next = jump.getNext();
        while (next != null && next.getOpcode() < 0) {
            next = next.getNext();
        }
        return next instanceof TypeInsnNode made && made.getOpcode() == Opcodes.NEW && made.desc.equals("java/lang/AssertionError");
    }

    private static AbstractInsnNode previous(AbstractInsnNode at) {
        do {
            at = at.getPrevious();
        } while (at != null && at.getOpcode() < 0);
        return at;
    }

    private static boolean isCheck(AbstractInsnNode at, String name) {
        return at instanceof MethodInsnNode call && call.owner.equals(CHECKS) && call.name.equals(name);
    }
}
