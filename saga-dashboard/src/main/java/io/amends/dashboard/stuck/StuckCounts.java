package io.amends.dashboard.stuck;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many sagas are stuck.
 *
 * @param cells the numbers of each kind; kinds without a saga are left out
 * @param isAll whether they are all; if not, there are at least so many
 * @param money what the same sagas have in money, null where nobody asked for it
 */
public record StuckCounts(
        List<Cell> cells, boolean isAll, @Nullable StuckMoney money) {

    /**
     * Those that have all of this in common.
     *
     * @param reason why they are stuck
     * @param sagaName the definition's name
     * @param version the definition's version
     * @param age for how long
     * @param number how many there are
     * @param oldest since when the first of them is stuck
     */
    public record Cell(StuckReason reason, String sagaName, int version, AgeBucket age, long number, Instant oldest) {}

    public StuckCounts {
        cells = List.copyOf(cells);
    }

    /** All of them. */
    public long total() {
        return cells.stream().mapToLong(Cell::number).sum();
    }

    /** Since when the first of them is stuck, null if none is. */
    public @Nullable Instant oldest() {
        return cells.stream().map(Cell::oldest).min(Comparator.naturalOrder()).orElse(null);
    }

    /** By reason, the worst first. */
    public Map<StuckReason, Long> byReason() {
        return by(
                Cell::reason,
                Comparator.comparing(StuckReason::severity).thenComparing(Comparator.<StuckReason>naturalOrder()));
    }

    /** By definition's name. */
    public Map<String, Long> byDefinition() {
        return by(Cell::sagaName, Comparator.naturalOrder());
    }

    /** By age, the youngest first. */
    public Map<AgeBucket, Long> byAge() {
        return by(Cell::age, Comparator.naturalOrder());
    }

    private <K> Map<K, Long> by(Function<Cell, K> part, Comparator<K> order) {
        Stream<Cell> all = cells.stream();
        return all.collect(
                Collectors.groupingBy(part, () -> new TreeMap<>(order), Collectors.summingLong(Cell::number)));
    }
}
