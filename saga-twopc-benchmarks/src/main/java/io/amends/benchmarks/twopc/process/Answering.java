package io.amends.benchmarks.twopc.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inner side of a {@link ChildProcess}: answers lines on standard input until it ends, which the parent's death does too. */
public final class Answering {

    static final String ANSWER = "@answer ";
    static final String TROUBLE = "@trouble ";
    static final String NEWS = "@news ";

    private static final Logger log = LoggerFactory.getLogger(Answering.class);

    private Answering() {}

    /** Something that answers. */
    @FunctionalInterface
    public interface Questioned {

        /**
         * The answer, without line ends.
         *
         * @param words of the question, at least one
         * @return null if nobody waits for an answer
         */
        @Nullable
        String answer(List<String> words) throws Exception;
    }

    /** Answers one line after the other; what an answer throws is told instead of it. */
    public static void serve(Questioned questioned) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String answer = answer(questioned, line);
                if (answer != null) {
                    System.out.println(answer);
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("Standard input can't be read", unreadable);
        }
    }

    /** Says something that was not asked for. Safe for use by many threads. */
    public static void tell(String news) {
        System.out.println(NEWS + news);
    }

    private static @Nullable String answer(Questioned questioned, String line) {
        try {
            String answer = questioned.answer(List.of(line.split(" ", -1)));
            return answer == null ? null : ANSWER + answer;
        } catch (Exception thrown) {
            log.error("{} failed", line, thrown);
            return TROUBLE + String.valueOf(thrown).lines().findFirst().orElse("");
        }
    }
}
