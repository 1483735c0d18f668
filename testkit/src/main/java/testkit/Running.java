package testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** A container program that runs, and the way to the command inside it. */
public final class Running implements AutoCloseable {
    /** No wait is longer, unless set otherwise: seconds. */
    public static final int LIMIT = 60;

    private static volatile int limit = LIMIT;

    private final Process process;
    private final Proc init;
    private final Path out;
    private final Path err;

    Running(ProcessBuilder builder, Proc init, Path directory) throws IOException {
        this.init = init;
        out = Files.createTempFile(directory, "out", "");
        err = Files.createTempFile(directory, "err", "");
        process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    }

    /** For all waits of this JVM from now on: seconds. */
    public static void setLimit(int seconds) {
        limit = seconds;
    }

    /** Waits until a condition holds; after the limit it is a {@link Hang}. */
    public static void waitUntil(String what, Callable<Boolean> condition) {
        try {
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20)) // a look at all processes takes some, too
                    .atMost(limit, TimeUnit.SECONDS)
                    .ignoreExceptions()
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new Hang("waited " + limit + " s in vain until " + what);
        }
    }

    /** Waits for a process of the program's. */
    Proc find(String what, Predicate<Proc> wanted) {
        Proc[] found = new Proc[1];
        waitUntil(what, () -> {
            found[0] = new Proc(process.pid())
                    .descendants()
                    .filter(wanted)
                    .findFirst()
                    .orElse(null);
            return found[0] != null || !process.isAlive();
        });
        if (found[0] == null) {
            throw new CheckFailure(
                    what + ": the program ended before, with exit status " + process.exitValue() + ":\n" + err());
        }
        return found[0];
    }

    /** The program's own process: `run`. */
    public Proc run() {
        return find("the program starts", this::isRun);
    }

    /** All of them that run now. */
    List<Proc> runs() {
        return new Proc(process.pid()).descendants().filter(this::isRun).toList();
    }

    private boolean isRun(Proc proc) {
        return proc.namespace("pid").equals(init.namespace("pid"))
                && !proc.cmdline().isEmpty()
                && proc.cmdline().contains("run")
                && proc.cmdline().get(0).endsWith("java");
    }

    /** The command inside, when it has become it. */
    public Proc command(String... command) {
        return find("the command " + List.of(command) + " runs", proc -> proc.cmdline()
                .equals(List.of(command)));
    }

    /** Waits for a line, or part of one, on standard output. */
    public Running awaitOutput(String text) {
        waitUntil("the command prints " + text, () -> out().contains(text) || !process.isAlive());
        if (!out().contains(text)) {
            throw new CheckFailure(
                    "ended without printing " + text + ", exit status " + process.exitValue() + ":\n" + out() + err());
        }
        return this;
    }

    /** Types, or writes to standard input. */
    public Running type(String text) {
        OutputStream input = process.getOutputStream();
        FutureTask<Void> writing = new FutureTask<>(() -> {
            input.write(text.getBytes(UTF_8));
            input.flush();
            return null;
        });
        Thread writer = new Thread(writing, "input"); // waits while nobody reads, and cannot be interrupted
        writer.setDaemon(true);
        writer.start();
        try {
            writing.get(limit, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Hang("waited " + limit + " s in vain until somebody reads what goes into standard input");
        } catch (ExecutionException e) {
            throw new CheckFailure("nobody reads what goes into standard input:\n" + err());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckFailure("interrupted");
        }
        return this;
    }

    public void closeInput() throws IOException {
        process.getOutputStream().close();
    }

    /** Of the process that was started: it enters the host, and the program is a child of it. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end. */
    public Result result() {
        try {
            if (!process.waitFor(limit, TimeUnit.SECONDS)) {
                throw new Hang("still running after " + limit + " s:\n" + out() + err());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CheckFailure("interrupted");
        }
        return new Result(process.exitValue(), out(), err());
    }

    public String out() {
        return read(out);
    }

    public String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
