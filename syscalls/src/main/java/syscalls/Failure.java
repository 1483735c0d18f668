package syscalls;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/** What a program tells its user of an exception. */
public final class Failure {
    private Failure() {}

    /**
     * The message in one line, whatever names are in it: a newline is shown as \n. Where Java's message is a file's name
     * and nothing else, with what was the matter.
     */
    public static String inOneLine(Exception e) {
        String message = e.getMessage() == null ? "" + e : e.getMessage();
        if (e instanceof FileSystemException failure && failure.getReason() == null) {
            message += ": " + matter(failure);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                message = "Java can start no thread, or has no memory: " + cause.getMessage();
            }
        }
        return printable(message);
    }

    /** In one line, and a byte that is no UTF-8 (a lone surrogate, see {@link Launcher#asTyped}) as \xE9. */
    static String printable(String text) {
        return Pattern.compile("[\uDC80-\uDCFF]")
                .matcher(text.replace("\n", "\\n").replace("\r", "\\r"))
                .replaceAll(b -> "\\\\x" + Integer.toHexString(b.group().charAt(0) & 0xff));
    }

    private static String matter(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "there is a file of that name";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied" + (Linux.HAS_OWN_USERS ? ": " + SyscallException.OWN_USERS : "");
        }
        return failure.getClass().getSimpleName();
    }
}
