package workshop;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import testkit.Rootfs;

/** {@code rootfs}. */
@Command(name = "rootfs", description = "Make the root file system that the containers use.")
final class MakeRootfs implements Callable<Integer> {
    @Parameters(
            paramLabel = "KIND",
            arity = "0..1",
            description = "host: a small one from this machine's own programs, at once and without a network;"
                    + " debian: by debootstrap, some minutes (default: ${DEFAULT-VALUE}).",
            defaultValue = "host")
    Rootfs.Kind kind;

    @Option(names = "--force", description = "Replace one that was made here before.")
    boolean force;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where (default: LAB_HOME/rootfs, LAB_HOME being /var/lib/lab if it is not set).")
    Path directory = Lab.home().resolve("rootfs"); // not in the annotation, in which ${...} would be expanded

    @Override
    public Integer call() throws Exception {
        long start = System.nanoTime();
        Rootfs.make(directory, kind, force, System.err::println);
        System.err.printf(Locale.ROOT, "Made %s in %.1f s%n", directory, (System.nanoTime() - start) / 1e9);
        return 0;
    }
}
