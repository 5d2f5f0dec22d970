package io.amends.benchmarks.twopc.contender;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a contender is told, as {@code name=value}. */
record Settings(Map<String, String> values) {

    /** Connections to each database, and at most as many transactions at work at once. */
    static final int CONNECTIONS = 32;

    /** How long a pool may look for a connection. The usual half minute would only make an outage look worse. */
    static final long POOL_MILLIS = 3_000;

    /** How long work and waits for locks may take. */
    static final int WORK_SECONDS = 30;

    /** How often work that loses a deadlock runs, and the first pause in milliseconds; the same for everyone. */
    static final int ATTEMPTS = 3;

    static final int BACKOFF_MILLIS = 20;

    static Settings of(List<String> words) {
        Map<String, String> values = new HashMap<>();
        for (String word : words) {
            int sign = word.indexOf('=');
            if (sign > 0) {
                values.put(word.substring(0, sign), word.substring(sign + 1));
            }
        }
        return new Settings(Map.copyOf(values));
    }

    String get(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("%s is not set; there are %s".formatted(name, values.keySet()));
        }
        return value;
    }
}
