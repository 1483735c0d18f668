package workshop;

import picocli.CommandLine.Command;

/** Only for help and completion, as {@link Run}: the script {@code lab} builds. */
@Command(name = "build", description = "Build what is stale of all there is; the other commands build what they need.")
final class Build implements Runnable {
    @Override
    public void run() {
        throw new IllegalStateException("it is the script that builds: ./lab build");
    }
}
