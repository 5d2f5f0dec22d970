package io.amends.dashboard.stuck;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frames as the tables have them, line by line. Pure. */
public final class FrameLines {

    private FrameLines() {}

    /**
     * The lines, the innermost frame first.
     *
     * @param told what they belong to; without it they are of something earlier, which a process of an older version left
     */
    public static List<String> of(@Nullable String told, @Nullable String frames) {
        return told == null ? List.of() : of(frames);
    }

    /** The lines, the innermost frame first; none for null. */
    public static List<String> of(@Nullable String frames) {
        return frames == null ? List.of() : frames.lines().toList();
    }
}
