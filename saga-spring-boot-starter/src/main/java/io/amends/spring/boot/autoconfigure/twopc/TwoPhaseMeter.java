package io.amends.spring.boot.autoconfigure.twopc;

import io.amends.spring.boot.autoconfigure.DocumentedMeter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The meters of two-phase commit. */
public enum TwoPhaseMeter implements DocumentedMeter {
    /** Gauge. */
    IN_DOUBT(
            "saga.twopc.in.doubt",
            Units.NONE,
            "prepared branches that no running transaction of this process is about to end, as recovery saw them last"),
    /** Gauge. */
    OLDEST("saga.twopc.in.doubt.oldest", Units.SECONDS, "seconds since the oldest of them was prepared");

    private final String meterName;
    private final @Nullable String unit;
    private final String sentence;

    TwoPhaseMeter(String meterName, @Nullable String unit, String sentence) {
        this.meterName = meterName;
        this.unit = unit;
        this.sentence = sentence;
    }

    @Override
    public String meterName() {
        return meterName;
    }

    @Override
    public Kind kind() {
        return Kind.GAUGE;
    }

    @Override
    public @Nullable String unit() {
        return unit;
    }

    @Override
    public List<String> tags() {
        return List.of();
    }

    @Override
    public String sentence() {
        return sentence;
    }
}
