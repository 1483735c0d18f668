package syscalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import jnr.posix.UnixLibC;
import org.junit.jupiter.api.Test;

/** What the build, not the compiler, makes of {@link LibC}. */
class NarrowingTest {
    @Test
    void functionsThatNobodyCallsAreGone() {
        assertThat(UnixLibC.class.getMethods())
                .hasSizeGreaterThan(100)
                .extracting(Method::getName)
                .contains("fork");

        assertThat(LibC.class.getInterfaces()).isEmpty();
        assertThat(LibC.class.getMethods())
                .hasSizeLessThan(40)
                .extracting(Method::getName)
                .contains("unshare", "mount", "execve", "waitpid", "chdir")
                .doesNotContain("fork");
    }

    @Test
    void whatIsInheritedIsAsJnrPosixDeclaresIt() {
        assertThat(Arrays.stream(LibC.class.getMethods()).filter(function -> Arrays.stream(UnixLibC.class.getMethods())
                        .anyMatch(theirs -> theirs.getName().equals(function.getName())
                                && Arrays.equals(theirs.getParameterTypes(), function.getParameterTypes())
                                && theirs.getReturnType() == function.getReturnType())))
                .hasSizeBetween(15, 24); // "some 20", says the chapter on the JVM
    }
}
