package syscalls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Arguments and environments, whose words may be of any bytes but zero. In a string a byte that is no UTF-8 is a lone
 * surrogate, U+DC00 and the byte, as in Python (PEP 383); so it reaches the command as it was.
 */
final class Words {
    private static final char ESCAPED = '\uDC00';

    private Words() {}

    /** The words of a file in /proc/self, as cmdline: proc(5). */
    static List<String> ofThisProcess(String file) {
        try {
            String bytes = new String(Files.readAllBytes(Path.of("/proc/self", file)), ISO_8859_1);
            List<String> words = new ArrayList<>();
            for (int start = 0, end; (end = bytes.indexOf('\0', start)) >= 0; start = end + 1) {
                words.add(decode(bytes.substring(start, end).getBytes(ISO_8859_1)));
            }
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isAscii(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    static String decode(byte[] word) {
        String text = new String(word, UTF_8);
        if (text.indexOf('\uFFFD') < 0) {
            return text; // as nearly always
        }
        ByteBuffer bytes = ByteBuffer.wrap(word);
        CharBuffer chars = CharBuffer.allocate(word.length + 1);
        CharsetDecoder decoder = UTF_8.newDecoder();
        for (CoderResult result; (result = decoder.decode(bytes, chars, true)).isError(); ) {
            for (int i = 0; i < result.length(); i++) {
                chars.put((char) (ESCAPED + (bytes.get() & 0xff)));
            }
        }
        return chars.flip().toString();
    }

    static byte[] encode(String word) {
        if (isAscii(word)) {
            return word.getBytes(UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(word.length());
        for (int at = 0, next; at < word.length(); at = next) {
            int character = word.codePointAt(at);
            next = at + Character.charCount(character);
            if (character >= ESCAPED + 0x80 && character <= ESCAPED + 0xff) {
                bytes.write(character - ESCAPED);
            } else {
                bytes.writeBytes(word.substring(at, next).getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /** A string in memory, with a zero at its end. */
    static Pointer inMemory(String word) {
        byte[] bytes = encode(word);
        Pointer memory = Memory.allocateDirect(Linux.RUNTIME, bytes.length + 1, true);
        memory.put(0, bytes, 0, bytes.length);
        return memory;
    }

    /** Whether there is such a file; a symbolic link is followed: access(2). */
    static boolean isFile(String path) {
        Pointer memory = inMemory(path);
        boolean there = Linux.LIBC.access(memory, Linux.F_OK) == 0;
        inUse(memory);
        return there;
    }

    /** To be called after a call that is given such memory: JNR reads its address, and lets it be collected. */
    static void inUse(Pointer... memory) {
        Reference.reachabilityFence(memory);
    }

    /** As execve(2) wants them: pointers to them, and a null pointer, in one piece of memory. */
    static Pointer inMemory(List<String> words) {
        List<byte[]> all = new ArrayList<>();
        int pointers = 8 * (words.size() + 1);
        int size = pointers;
        for (String word : words) {
            all.add(encode(word));
            size += all.get(all.size() - 1).length + 1;
        }
        Pointer memory = Memory.allocateDirect(Linux.RUNTIME, size, true);
        long at = pointers;
        for (int i = 0; i < all.size(); i++) {
            memory.putAddress(8L * i, memory.address() + at);
            memory.put(at, all.get(i), 0, all.get(i).length);
            at += all.get(i).length + 1;
        }
        return memory;
    }
}
