package container;

import static syscalls.Leftovers.*;
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
            if (!layer.toFile().isDirectory()) {
                throw new IOException("--layer " + layer + ": no such directory; ./lab rootfs makes one");
            }
            lowerdir.add(0, escape(layer.toRealPath())); // the kernel wants the highest first
        }
        Files.createDirectories(CONTAINERS);
        for (Path leftover : leftovers(CONTAINERS, "")) {
            removeTree(leftover);
        }
        this.keep = keep;
        container = CONTAINERS.resolve(keep ? "kept-" + RUN_ID : RUN_ID);
        root = container.resolve("merged");
        Path upper = container.resolve("upper");
        Path work = container.resolve("work");
        Path top = layers.get(layers.size() - 1);
        options = "lowerdir=" + String.join(":", lowerdir) + ",upperdir=" + escape(upper) + ",workdir=" + escape(work);
        try {
            own(container);
            for (Path directory : List.of(root, upper, work)) {
                Files.createDirectories(directory);
            }
            Files.setPosixFilePermissions(upper, Files.getPosixFilePermissions(top)); // it is / inside
        } catch (IOException e) {
            removeTree(container); // a full disk, say: nobody will call close
            throw e;
        }
    }

    private static String escape(Path directory) {
        return directory.toString().replaceAll("[\\\\:,]", "\\\\$0"); // what ends a name, or an option
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
            removeTree(container);
        }
    }
}
