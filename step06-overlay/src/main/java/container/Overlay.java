package container;

import static syscalls.Leftovers.deleteTree;
import static syscalls.Leftovers.leftovers;
import static syscalls.Linux.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The container's root: layers that stay as they are, and on top a layer of its own for all that it writes. */
final class Overlay implements AutoCloseable {
    private static final Path CONTAINERS =
            Path.of(System.getenv().getOrDefault("LAB_HOME", "/var/lib/lab"), "containers");

    private final Path container;
    private final Path root;
    private final String options;
    private final boolean keep;

    /** @param layers the lowest first */
    Overlay(List<Path> layers, boolean keep) throws IOException {
        List<String> lowerdir = new ArrayList<>();
        for (Path layer : layers) {
            if (!Files.isDirectory(layer)) {
                throw new IOException("--layer " + layer + ": no such directory; ./lab rootfs makes one");
            }
            if (layer.toString().matches(".*[:,\\\\].*")) {
                throw new IOException("--layer " + layer + ": overlay takes no name with a colon, comma or backslash");
            }
            lowerdir.add(0, layer.toRealPath().toString()); // the kernel wants the highest first
        }
        Files.createDirectories(CONTAINERS);
        for (Path leftover : leftovers(CONTAINERS, "")) {
            deleteTree(leftover);
        }
        this.keep = keep;
        container = keep ? Files.createTempDirectory(CONTAINERS, "kept-") : CONTAINERS.resolve("" + getpid());
        root = container.resolve("merged");
        Path upper = Files.createDirectories(container.resolve("upper"));
        Path work = Files.createDirectory(container.resolve("work"));
        Files.createDirectory(root);
        Files.setPosixFilePermissions(upper, Files.getPosixFilePermissions(Path.of(lowerdir.get(0)))); // it is / inside
        options = "lowerdir=" + String.join(":", lowerdir) + ",upperdir=" + upper + ",workdir=" + work;
    }

    /** For `child`: what it mounts, and where. */
    List<Object> arguments() {
        return List.of("--overlay", options, "--rootfs", root);
    }

    @Override
    public void close() throws IOException {
        if (isMountPoint(root)) {
            umount2(root, MNT_DETACH); // this thread too is in the container's mount namespace
        }
        if (keep) {
            System.err.println("Kept what the container wrote in " + container.resolve("upper"));
        } else {
            deleteTree(container);
        }
    }
}
