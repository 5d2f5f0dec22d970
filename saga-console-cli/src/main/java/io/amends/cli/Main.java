package io.amends.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code java -jar saga-console-cli.jar}. */
public final class Main {

    private Main() {}

    /** Does one call, and ends the process with its {@link ExitCode}. */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        ExitCode code = new Cli(System.getenv(), Main::ask, out, err).run(arguments);
        System.exit(code.number());
    }

    /** Null if nobody is there to be asked; a newer Java reads the standard input then. */
    @SuppressWarnings("SystemConsoleNull")
    private static @Nullable String ask(String question) {
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("%s ", question);
        return typed == null ? null : new String(typed);
    }
}
