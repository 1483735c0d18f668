package book;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test in Debian's Chromium. Without it, it is reported as skipped; where all tests have to run (the system property
 * {@code privileged} is {@code required}, as in CI) it runs all the same, and fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InChromium.Condition.class)
@interface InChromium {
    Path BROWSER = Path.of("/usr/bin/chromium");
    Path DRIVER = Path.of("/usr/bin/chromedriver");

    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean run = Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER)
                    || "required".equals(System.getProperty("privileged"));
            return run
                    ? ConditionEvaluationResult.enabled("Chromium is here")
                    : ConditionEvaluationResult.disabled("needs a browser: sudo apt install chromium chromium-driver");
        }
    }
}
