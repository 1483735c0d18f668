package testkit;

/** How a run ended: its exit status (128 + n for signal n), and what it printed. */
public record Result(int exit, String out, String err) {}
