package container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import syscalls.Failure;
import testkit.Program;

/** Hostile command lines: each is the command as it was typed, or one line and 2. None of them starts anything. */
class OptionsIT {
    private static final List<String> OPTIONS = List.of("--layer", "--memory", "--pids-limit", "--keep", "--help");
    private static final List<String> VALUES = List.of(
            "",
            " ",
            "-",
            "--",
            "---",
            "=",
            "-x",
            "--=",
            "0",
            "-1",
            "20",
            "99999999999999999999",
            "0x10",
            "10m",
            "10M",
            "9999999999g",
            "8589934592g",
            "1\u0130",
            "\u0661\u0660m",
            "/",
            "/no/such",
            "true",
            "TRUE",
            "sh",
            "run",
            "@",
            "@@",
            "@/etc/passwd",
            "${sys:user.home}",
            "${env:PATH}",
            "${",
            "%n%s%1$s",
            "\"",
            "'",
            "\"a b\"",
            "a\"b",
            "\\",
            "\n",
            "\r\n",
            "a\nb\tc",
            "\u001b[31m",
            "gr\u00f6\u00dfe",
            "\uD834\uDD1E",
            "\uDCE9",
            "\uDCFFx",
            "\uFFFD",
            "x".repeat(100_000));

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void eachIsTheCommandAsTypedOrOneLine() {
        System.out.println("OptionsIT: -Dseed=" + seed);
        int commands = 0;
        int failures = 0;
        for (int i = 0; i < 5_000; i++) {
            List<String> words = words();
            try {
                Run run = parse(words);
                if (run != null) {
                    assertThat(words.subList(words.size() - run.command.size(), words.size()))
                            .as(shown(words))
                            .isEqualTo(run.command);
                    assertAreOptions(words, words.size() - run.command.size());
                    commands++;
                }
            } catch (ParameterException e) {
                assertThat(Failure.inOneLine(e)).as(shown(words)).isNotBlank().doesNotContain("\n", "\r", "\tat ");
                failures++;
            } catch (RuntimeException e) {
                fail(shown(words), e);
            }
        }
        assertThat(List.of(commands, failures))
                .as("the lists are of both kinds")
                .allMatch(count -> count > 500);
    }

    @Test
    void whatIsWrongEndsTheProgramWithOneLineAnd2() throws Exception {
        System.out.println("OptionsIT: -Dseed=" + seed);
        List<List<String>> wrong = Stream.generate((Supplier<List<String>>) this::words)
                .filter(words -> words.stream().noneMatch(word -> word.matches("(?s).*[\uDC80-\uDCFF].*")))
                .filter(OptionsIT::isWrong)
                .limit(20)
                .toList();
        for (List<String> words : wrong) {
            List<String> command = new ArrayList<>(
                    Program.ofJar(Path.of(System.getProperty("jar"))).command());
            command.add("run");
            command.addAll(words);
            Process program =
                    new ProcessBuilder(command).redirectErrorStream(true).start();

            assertThat(program.inputReader().lines())
                    .as(shown(words))
                    .singleElement()
                    .asString()
                    .startsWith("container: ");
            assertThat(program.waitFor()).as(shown(words)).isEqualTo(2);
        }
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        for (int n = random.nextInt(7); n > 0; n--) {
            String option = any(OPTIONS);
            words.add(
                    switch (random.nextInt(8)) {
                        case 0, 1, 2 -> option;
                        case 3, 4 -> option + "=" + any(VALUES);
                        case 5 -> option.substring(0, random.nextInt(option.length() + 1));
                        default -> any(VALUES);
                    });
        }
        return words;
    }

    private String any(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static boolean isWrong(List<String> words) {
        try {
            parse(words);
            return false;
        } catch (ParameterException e) {
            return true;
        }
    }

    /** Null if it asks for help. */
    private static Run parse(List<String> words) {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(words);
        ParseResult run = new CommandLine(new Container())
                .setStopAtPositional(true)
                .setExpandAtFiles(false)
                .parseArgs(arguments.toArray(String[]::new))
                .subcommand();
        return run.isUsageHelpRequested() ? null : (Run) run.commandSpec().userObject();
    }

    /** What stands before the command are options of run with their values, and then perhaps --. */
    private static void assertAreOptions(List<String> words, int end) {
        for (int i = 0; i < end; i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                assertThat(i).as(shown(words)).isEqualTo(end - 1);
            } else if (List.of("--layer", "--memory", "--pids-limit").contains(word)) {
                i++;
            } else {
                assertThat(word)
                        .as(shown(words))
                        .matches("(?s)--keep(=(?i:true|false|\\s*))?|--(layer|memory|pids-limit)=.*");
            }
        }
    }

    private static String shown(List<String> words) {
        return words.toString().replaceAll("x{100}+x*", "xxx…");
    }
}
