package syscalls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static syscalls.Linux.getpid;
import static syscalls.Linux.isMountPoint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** What a program that was killed could not remove itself, and the next one does. */
public final class Leftovers {
    private Leftovers() {}

    /**
     * What runs left behind that were killed before they could clean up: the entries of a directory that are named after
     * the PID of a process that has ended, or of this one: call it before making any.
     *
     * @param prefix what stands before the PID
     */
    public static List<Path> leftovers(Path directory, String prefix) throws IOException {
        List<Path> leftovers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, prefix + "[0-9]*")) {
            for (Path entry : entries) {
                String pid = entry.getFileName().toString().substring(prefix.length());
                if (pid.matches("\\d+") && (hasEnded(pid) || pid.equals("" + getpid()))) {
                    leftovers.add(entry);
                }
            }
        }
        return leftovers;
    }

    /** A zombie has, too, though nobody has waited for it yet: proc(5), stat. */
    private static boolean hasEnded(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"), ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z'; // before it is the program's name, of any bytes
        } catch (IOException e) {
            return true; // there is no such file, or not any more
        }
    }

    /**
     * Removes a directory and all in it, following no symbolic link; what another process removes meanwhile is no error.
     *
     * @throws IOException at a mount point below it: what is mounted there is not the directory's own
     */
    public static void deleteTree(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes) throws IOException {
                if (!entered.equals(directory) && isMountPoint(entered)) {
                    throw new IOException(entered + ": still mounted; sudo umount -l " + entered);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, IOException e) throws IOException {
                Files.deleteIfExists(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
