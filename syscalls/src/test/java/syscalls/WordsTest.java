package syscalls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import jnr.ffi.Pointer;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void whatIsUtf8IsAsJavaHasIt() {
        assertThat(Words.decode(Scene.UNICODE.getBytes(UTF_8))).isEqualTo(Scene.UNICODE);
        assertThat(Words.encode(Scene.UNICODE)).isEqualTo(Scene.UNICODE.getBytes(UTF_8));
    }

    @Test
    void aByteThatIsNoUtf8IsALoneSurrogate() {
        assertThat(Words.decode(bytes('c', 'a', 'f', 0xe9))).isEqualTo("caf\uDCE9");
        assertThat(Words.decode(bytes(0xed, 0xb2, 0x80)))
                .as("a surrogate in UTF-8")
                .isEqualTo("\uDCED\uDCB2\uDC80");
        assertThat(Words.decode(bytes(0xf0, 0x9f, 0x98))).as("cut off").isEqualTo("\uDCF0\uDC9F\uDC98");
    }

    /** Random ones are rarely UTF-8: half of them are made of pieces of it. */
    @Test
    void anyBytesComeBack() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] text = "a\u0080\u00e9\u07ff\u5bb9\uffff\uD834\uDD1E\uDBFF\uDFFF".getBytes(UTF_8);
        for (int i = 0; i < 100_000; i++) {
            byte[] word = new byte[random.nextInt(12)];
            random.nextBytes(word);
            if (random.nextBoolean()) {
                int start = random.nextInt(text.length);
                word = Arrays.copyOfRange(text, start, Math.min(text.length, start + word.length));
            }
            assertThat(Words.encode(Words.decode(word)))
                    .as(Arrays.toString(word) + ", -Dseed=" + seed)
                    .isEqualTo(word);
        }
    }

    @Test
    void inMemoryTheyArePointersAndStrings() {
        Pointer memory = Words.inMemory(List.of("caf\uDCE9", "", "x"));

        assertThat(memory.getPointer(0).getByte(3)).isEqualTo((byte) 0xe9);
        assertThat(memory.getPointer(0).getByte(4)).isZero();
        assertThat(memory.getPointer(8).getByte(0)).isZero();
        assertThat(memory.getPointer(16).getString(0)).isEqualTo("x");
        assertThat(memory.getAddress(24)).isZero();
        Words.inUse(memory);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
