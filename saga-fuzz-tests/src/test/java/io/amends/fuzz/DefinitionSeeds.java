package io.amends.fuzz;

import io.amends.saga.Escalation;
import io.amends.saga.StepKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Annotations as the bytes that {@link DefinitionFuzzTest} reads them from: its corpus. Texts are taken from the front and end
 * with a backslash and one more byte, unless they have all the characters that are asked for; numbers are taken from the back.
 */
final class DefinitionSeeds {

    private static final int LONGEST_TEXT = 20;

    // A double begins with a byte; those of up to ten stand for special values, and nine more are taken and do not
    // count.
    private static final int INFINITE_DOUBLE = 2;
    private static final int NO_DOUBLE = 4;
    private static final int LEAST_DOUBLE = 5;
    private static final int MOST_DOUBLE = 9;
    private static final int IGNORED_BYTES = 9;

    private DefinitionSeeds() {}

    /** What makes a definition, under the saga's name. */
    static Map<String, byte[]> accepted() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        add(seeds, "plain", saga -> {});
        add(seeds, "limited", saga -> {
            saga.version = 2;
            saga.deadline = "10m";
            saga.onDeadline = Escalation.PARK;
            saga.attempts = 5;
            saga.backoff = "500ms";
            saga.backoffMax = "1m";
            saga.within = "5m";
            saga.timeout = "30s";
            saga.onExhausted = Escalation.ALERT_ONLY;
        });
        add(seeds, "at-the-edge-of-names", saga -> {
            saga.version = Integer.MAX_VALUE;
            saga.deadline = "P36500D";
            saga.attempts = Integer.MAX_VALUE;
            saga.backoff = "PT0.000000001S";
            saga.backoffMax = "PT876000H";
            saga.multiplier = INFINITE_DOUBLE;
            saga.step = "0-1-2-3-4-5-6-7-8-9x";
            saga.order = Integer.MIN_VALUE;
        });
        add(seeds, "first-wait-alone", saga -> {
            saga.backoff = "2h";
            saga.multiplier = MOST_DOUBLE;
            saga.timeout = "999999999ms";
        });
        add(seeds, "pivot-is-undone", saga -> saga.kind = StepKind.PIVOT);
        return seeds;
    }

    /** What is refused, under what is wrong with it. */
    static Map<String, byte[]> refused() {
        Map<String, byte[]> seeds = new LinkedHashMap<>();
        add(seeds, "version-zero", saga -> saga.version = 0);
        add(seeds, "undoes-nothing", saga -> saga.undoes = "rescue");
        add(seeds, "command-to-a-saga", saga -> saga.child = "nested");
        add(seeds, "soon-is-no-time", saga -> saga.deadline = "soon");
        add(seeds, "a-minus-too-much", saga -> saga.within = "PT-0.000000001S");
        add(seeds, "shrinking-waits", saga -> saga.multiplier = LEAST_DOUBLE);
        add(seeds, "no-number", saga -> saga.multiplier = NO_DOUBLE);
        add(seeds, "words-in-the-name", saga -> saga.step = "r\u00e9serve \u2192\u0000");
        return seeds;
    }

    /** Of all of these sagas. */
    static Set<String> names() {
        Set<String> names = new HashSet<>(accepted().keySet());
        names.addAll(refused().keySet());
        return names;
    }

    private static void add(Map<String, byte[]> seeds, String name, Consumer<Annotations> change) {
        Annotations annotations = new Annotations(name);
        change.accept(annotations);
        seeds.put(name, annotations.bytes());
    }

    /** What stands in the annotations, in the words of these; a saga of one step that keeps all rules, unless it is changed. */
    private static final class Annotations {

        private final String saga;
        private int version = 1;
        private String deadline = "";
        private Escalation onDeadline = Escalation.COMPENSATE;
        private int attempts;
        private String backoff = "";
        private String backoffMax = "";
        private int multiplier;
        private String within = "";
        private String step = "reserve";
        private int order = 1;
        private StepKind kind = StepKind.COMPENSATABLE;
        private String child = "";
        private String timeout = "";
        private Escalation onExhausted = Escalation.COMPENSATE;
        private String undoes = "";

        private Annotations(String saga) {
            this.saga = saga;
        }

        private byte[] bytes() {
            ByteArrayOutputStream texts = new ByteArrayOutputStream();
            for (String text : List.of(
                    saga, deadline, backoff, backoffMax, within, step, "warehouse", child, timeout, "", undoes)) {
                write(texts, text);
            }
            List<Integer> numbers = new ArrayList<>();
            addInt(numbers, version);
            numbers.add(onDeadline.ordinal());
            addInt(numbers, attempts);
            addDouble(numbers, multiplier);
            addInt(numbers, order);
            numbers.add(kind.ordinal());
            numbers.add(onExhausted.ordinal());
            numbers.add(undoes.isEmpty() ? 1 : 0);
            for (int i = numbers.size() - 1; i >= 0; i--) {
                texts.write(numbers.get(i));
            }
            return texts.toByteArray();
        }

        private static void write(ByteArrayOutputStream texts, String text) {
            texts.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            if (text.length() < LONGEST_TEXT) {
                texts.writeBytes(new byte[] {'\\', '.'});
            }
        }

        /** The highest byte is read first. */
        private static void addInt(List<Integer> numbers, int number) {
            for (int shift = 24; shift >= 0; shift -= 8) {
                numbers.add(number >>> shift & 0xff);
            }
        }

        private static void addDouble(List<Integer> numbers, int which) {
            numbers.add(which);
            for (int i = 0; i < IGNORED_BYTES; i++) {
                numbers.add(0);
            }
        }
    }
}
