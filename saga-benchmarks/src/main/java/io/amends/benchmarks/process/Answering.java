package io.amends.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inner side of a {@link ChildProcess}: answers lines on standard input until it ends, which the parent's death does too. */
public final class Answering {

    static final String ANSWER = "@answer ";
    static final String TROUBLE = "@trouble ";

    private static final Logger log = LoggerFactory.getLogger(Answering.class);

    private Answering() {}

    /** Something that answers. */
    @FunctionalInterface
    public interface Questioned {

        /**
         * The answer, without line ends.
         *
         * @param words of the question, at least one
         */
        String answer(List<String> words) throws Exception;
    }

    /** Answers one line after the other; what an answer throws is told instead of it. */
    public static void serve(Questioned questioned) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(answer(questioned, line));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Standard input can't be read", unreadable);
        }
    }

    private static String answer(Questioned questioned, String line) {
        try {
            return ANSWER + questioned.answer(List.of(line.split(" ", -1)));
        } catch (Exception thrown) {
            log.error("{} failed", line, thrown);
            return TROUBLE + String.valueOf(thrown).lines().findFirst().orElse("");
        }
    }
}
