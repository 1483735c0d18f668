package syscalls;

import static org.objectweb.asm.Opcodes.ACC_ABSTRACT;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Of the functions that {@link LibC} inherits from JNR-POSIX, some 150, this declares in LibC.class itself those that
 * are called, and takes the inheritance away: JNR looks at every function of an interface, which would be a tenth of
 * each start. Run by the build; without it all works as well. Not a part of any program.
 */
final class Narrowing {
    private Narrowing() {}

    /** @param args the directory of this package's class files */
    public static void main(String[] args) throws IOException {
        Set<String> called = new HashSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(args[0]), "*.class")) {
            for (Path file : files) {
                for (MethodNode method : read(file).methods) {
                    for (AbstractInsnNode instruction : method.instructions) {
                        if (instruction instanceof MethodInsnNode call && call.owner.equals("syscalls/LibC")) {
                            called.add(call.name + call.desc);
                        }
                    }
                }
            }
        }

        Path file = Path.of(args[0], "LibC.class");
        ClassNode libc = read(file);
        for (Class<?> inherited : LibC.class.getInterfaces()) {
            for (Method function : inherited.getMethods()) {
                String type = Type.getMethodDescriptor(function);
                if (called.contains(function.getName() + type)) {
                    libc.methods.add(new MethodNode(ACC_PUBLIC | ACC_ABSTRACT, function.getName(), type, null, null));
                }
            }
        }
        libc.interfaces.clear();
        ClassWriter writer = new ClassWriter(0);
        libc.accept(writer);
        Files.write(file, writer.toByteArray());
    }

    private static ClassNode read(Path file) throws IOException {
        ClassNode node = new ClassNode();
        new ClassReader(Files.readAllBytes(file)).accept(node, 0);
        return node;
    }
}
