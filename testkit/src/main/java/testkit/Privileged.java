package testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that needs root. Without it, it is reported as skipped; where root is promised (the system property
 * {@code privileged} is {@code required}, as in CI) it runs all the same, and fails.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Privileged.Condition.class)
public @interface Privileged {
    final class Condition implements ExecutionCondition {
        private static boolean isRoot() {
            return new Proc(ProcessHandle.current().pid())
                    .status("Uid")
                    .split("\\s+")[1]
                    .equals("0");
        }

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            boolean run = isRoot() || "required".equals(System.getProperty("privileged"));
            return run
                    ? ConditionEvaluationResult.enabled("root")
                    : ConditionEvaluationResult.disabled("needs root: sudo ./mvnw verify");
        }
    }
}
