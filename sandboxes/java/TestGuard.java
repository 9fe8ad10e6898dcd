import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.FieldVisitor;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;
import jdk.internal.org.objectweb.asm.Type;
import jdk.internal.org.objectweb.asm.commons.ClassRemapper;
import jdk.internal.org.objectweb.asm.commons.Remapper;
import jdk.internal.org.objectweb.asm.tree.AbstractInsnNode;
import jdk.internal.org.objectweb.asm.tree.ClassNode;
import jdk.internal.org.objectweb.asm.tree.JumpInsnNode;
import jdk.internal.org.objectweb.asm.tree.MethodInsnNode;
import jdk.internal.org.objectweb.asm.tree.MethodNode;
import jdk.internal.org.objectweb.asm.tree.TypeInsnNode;

/**
 * Takes the class files of one program apart: the tests' go into a module that the candidate cannot reach, and compare
 * plain values through Checks; what they use of the candidate is made public, since they no longer share its package.
 *
 * <p>A program is refused where the tests would use what only the completion knows of: a class, a method of that name,
 * or a method of a declared name whose result is a class of the candidate's where the declared one's is not. Such an
 * object could answer equals(String) or get() as it likes. What is declared is read from the trusted text that the
 * candidate begins with.
 *
 * <p>Not covered: a comparison hidden in a method reference; problems whose prompt uses a class of the tests (refused).
 */
final class TestGuard {
    private static final String HOME = "tests/"; // the package in the module of that name
    private static final String CHECKS = HOME + "Checks";
    private static final String TWO = "(Ljava/lang/Object;Ljava/lang/Object;)Z";
    private static final String TWO_ARRAYS = "([Ljava/lang/Object;[Ljava/lang/Object;)Z";
    private static final Map<String, String> STATIC = Map.of(
            "java/util/Objects.equals" + TWO, "equalOrNull",
            "java/util/Objects.deepEquals" + TWO, "deepEqual",
            "java/util/Arrays.equals" + TWO_ARRAYS, "deepEqual",
            "java/util/Arrays.deepEquals" + TWO_ARRAYS, "deepEqual");
    private static final Set<String> COLLECTIONS =
            Set.of("java/util/Collection", "java/util/List", "java/util/ArrayList", "java/util/Set", "java/util/HashSet");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
    private static final int CLASS = 7;
    private static final int FIELD = 9;
    private static final int METHOD = 10;
    private static final int INTERFACE_METHOD = 11;

    private final Map<String, byte[]> files;
    private final Set<String> ofTests;
    private final String declared;
    private final Set<String> methods = new HashSet<>(); // names of the candidate's
    private final Set<String> used = new HashSet<>(); // by the tests: names and descriptors of the candidate's members

    private TestGuard(Map<String, byte[]> files, Set<String> ofTests, String declared) {
        this.files = files;
        this.ofTests = ofTests;
        this.declared = COMMENT.matcher(declared).replaceAll(" ");
    }

    /** The tests cannot be compiled against this candidate without trusting it. */
    static final class Tampered extends Exception {
        private static final long serialVersionUID = 1;

        Tampered(String why) {
            super(why);
        }
    }

    /** The class files as they are to be run, by name. */
    static Map<String, byte[]> guarded(Map<String, byte[]> files, Set<String> ofTests, String declared) throws Tampered {
        TestGuard guard = new TestGuard(files, ofTests, declared);
        Map<String, ClassReader> readers = new LinkedHashMap<>();
        files.forEach((name, file) -> readers.put(name, new ClassReader(file)));
        for (ClassReader one : readers.values()) {
            if (!ofTests.contains(one.getClassName())) {
                guard.refuseReaching(one);
            }
        }
        for (String name : ofTests) {
            guard.refuseForeign(readers.get(name));
        }
        Map<String, byte[]> done = new LinkedHashMap<>();
        readers.forEach((name, one) -> {
            boolean ours = ofTests.contains(name);
            done.put(ours ? HOME + name : name, ours ? guard.moved(one) : guard.opened(one));
        });
        return done;
    }

    /** Refuses a candidate that names a class of the tests or wants into their package; notes what methods it has. */
    private void refuseReaching(ClassReader reader) throws Tampered {
        char[] buffer = new char[reader.getMaxStringLength()];
        for (int i = 1; i < reader.getItemCount(); i++) {
            int at = reader.getItem(i);
            if (at > 0 && reader.readByte(at - 1) == CLASS && ofTests.contains(element(Type.getObjectType(reader.readUTF8(at, buffer))))) {
                throw new Tampered("the program names the tests' class " + reader.readUTF8(at, buffer));
            }
        }
        if (reader.getClassName().startsWith(HOME)) {
            throw new Tampered("the program declares a class in the tests' package");
        }
        reader.accept(new ClassVisitor(Opcodes.ASM8) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                methods.add(name);
                return null;
            }
        }, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG);
    }

    /** Refuses tests that would use what only the completion knows of; notes what they use. */
    private void refuseForeign(ClassReader reader) throws Tampered {
        char[] buffer = new char[reader.getMaxStringLength()];
        for (int i = 1; i < reader.getItemCount(); i++) {
            int at = reader.getItem(i);
            int tag = at > 0 ? reader.readByte(at - 1) : 0;
            if (tag != FIELD && tag != METHOD && tag != INTERFACE_METHOD) {
                continue;
            }
            String owner = reader.readClass(at, buffer);
            int member = reader.getItem(reader.readUnsignedShort(at + 2));
            String name = reader.readUTF8(member, buffer);
            String desc = reader.readUTF8(member + 2, buffer);
            if (!isCandidates(owner)) {
                continue;
            }
            used.add(name + desc);
            if (!declaresClass(owner) || tag != FIELD && !declaresMethod(owner, name, desc)) {
                throw new Tampered("the tests would use " + name + " of the candidate's class " + owner.replace('$', '.'));
            }
        }
    }

    private boolean isCandidates(String name) {
        return files.containsKey(name) && !ofTests.contains(name);
    }

    private boolean declaresClass(String owner) {
        for (String name : owner.split("\\$")) {
            if (!declares("\\b(class|interface|enum|record)\\s+%s\\b", name)) {
                return false;
            }
        }
        return true;
    }

    private boolean declaresMethod(String owner, String name, String desc) {
        if (name.equals("<init>") || name.matches("values|valueOf") && declares("\\benum\\s+%s\\b", simple(owner))) {
            return true;
        }
        if (name.equals("equals")) { // that one goes through Checks
            return desc.equals("(Ljava/lang/Object;)Z");
        }
        String given = element(Type.getReturnType(desc));
        if (isCandidates(given)) { // by a method's head, or as a record's component
            return declares("\\b%s\\b[^;(){}=]*\\b%s\\s*\\(|\\brecord\\b[^{]*\\b%1$s\\b[^,{]*\\b%2$s\\b", simple(given), name);
        }
        return !methods.contains(name) || declares("\\b%s\\s*\\(|\\brecord\\b[^{]*\\b%1$s\\b", name);
    }

    private boolean declares(String pattern, Object... names) {
        return Pattern.compile(pattern.formatted(names)).matcher(declared).find();
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('$') + 1);
    }

    private static String element(Type type) {
        Type one = type.getSort() == Type.ARRAY ? type.getElementType() : type;
        return one.getSort() == Type.OBJECT ? one.getInternalName() : "";
    }

    /** A class of the candidate's, which the tests may use from their module. */
    private byte[] opened(ClassReader reader) {
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new ClassVisitor(Opcodes.ASM8, writer) {
            @Override
            public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
                super.visit(version, access | Opcodes.ACC_PUBLIC, name, signature, parent, interfaces);
            }

            @Override
            public FieldVisitor visitField(int access, String name, String desc, String signature, Object value) {
                return super.visitField(opened(access, name + desc), name, desc, signature, value);
            }

            @Override
            public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                return super.visitMethod(opened(access, name + desc), name, desc, signature, exceptions);
            }
        }, 0);
        return writer.toByteArray();
    }

    private int opened(int access, String member) {
        boolean closed = (access & Opcodes.ACC_PRIVATE) != 0 || !used.contains(member);
        return closed ? access : access & ~Opcodes.ACC_PROTECTED | Opcodes.ACC_PUBLIC;
    }

    /** A class of the tests, in their module, with its comparisons counted. */
    private byte[] moved(ClassReader reader) {
        ClassNode node = new ClassNode();
        reader.accept(node, 0);
        node.access &= ~Opcodes.ACC_PUBLIC;
        for (MethodNode method : node.methods) {
            for (AbstractInsnNode at = method.instructions.getFirst(); at != null; at = at.getNext()) {
                if (at instanceof MethodInsnNode call) {
                    redirect(call);
                } else if (at instanceof JumpInsnNode && throwsAssertionError(at) && !isCheck(previous(at), "contains")) {
                    method.instructions.insertBefore(at, call("count"));
                }
            }
        }
        ClassWriter writer = new ClassWriter(0);
        node.accept(new ClassRemapper(writer, new Remapper() {
            @Override
            public String map(String name) {
                return ofTests.contains(name) ? HOME + name : name;
            }
        }));
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
