package io.amends.architecture;

import io.amends.spring.boot.autoconfigure.DocumentedMeter;
import io.amends.spring.boot.autoconfigure.OutboxMeter;
import io.amends.spring.boot.autoconfigure.observability.SagaMeter;
import io.amends.spring.boot.autoconfigure.twopc.TwoPhaseMeter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All meters that are declared, and their names as a text for Prometheus or Grafana has them. */
final class MeterNames {

    private static final Pattern METRIC = Pattern.compile("\\bsaga_[a-z_]+");

    private MeterNames() {}

    static List<DocumentedMeter> declared() {
        List<DocumentedMeter> all = new ArrayList<>();
        Collections.addAll(all, SagaMeter.values());
        Collections.addAll(all, OutboxMeter.values());
        Collections.addAll(all, TwoPhaseMeter.values());
        return all;
    }

    /** What Prometheus may be asked for. */
    static Set<String> ofPrometheus() {
        return declared().stream()
                .map(DocumentedMeter::prometheusNames)
                .flatMap(Collection::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> in(String text) {
        return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }
}
