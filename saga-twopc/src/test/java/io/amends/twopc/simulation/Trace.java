package io.amends.twopc.simulation;

import java.util.ArrayList;
import java.util.List;

/** What happened in a run, to be read. */
final class Trace {

    private final List<Entry> entries = new ArrayList<>();

    private sealed interface Entry {

        int at();

        record Arrived(int at, String from, String to, Kind kind) implements Entry {}

        record Lost(int at, String from, String to, Kind kind) implements Entry {}

        record Note(int at, String over, String text) implements Entry {}
    }

    void arrived(int at, String from, String to, Kind kind) {
        entries.add(new Entry.Arrived(at, from, to, kind));
    }

    void lost(int at, String from, String to, Kind kind) {
        entries.add(new Entry.Lost(at, from, to, kind));
    }

    void note(int at, String over, String text) {
        entries.add(new Entry.Note(at, over, text));
    }

    int length() {
        return entries.size();
    }

    /** A line for each event, with its tick. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            text.append("%4d  ".formatted(entry.at()));
            if (entry instanceof Entry.Arrived arrived) {
                text.append("%s -> %s: %s".formatted(arrived.from, arrived.to, arrived.kind.words()));
            } else if (entry instanceof Entry.Lost lost) {
                text.append("%s -x %s: %s".formatted(lost.from, lost.to, lost.kind.words()));
            } else if (entry instanceof Entry.Note note) {
                text.append("%s %s".formatted(note.over, note.text));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** The same as a sequence diagram. */
    String mermaid(List<String> names) {
        StringBuilder text = new StringBuilder("sequenceDiagram\n");
        for (String name : names) {
            text.append("    participant %s as %s\n".formatted(id(name), name));
        }
        for (Entry entry : entries) {
            if (entry instanceof Entry.Arrived arrived) {
                text.append("    %s->>%s: %s\n".formatted(id(arrived.from), id(arrived.to), arrived.kind.words()));
            } else if (entry instanceof Entry.Lost lost) {
                text.append("    %s--x%s: %s\n".formatted(id(lost.from), id(lost.to), lost.kind.words()));
            } else if (entry instanceof Entry.Note note) {
                boolean all = !names.contains(note.over);
                text.append(
                        all
                                ? "    Note over %s,%s: %d: %s %s\n"
                                        .formatted(
                                                id(names.get(0)),
                                                id(names.get(names.size() - 1)),
                                                note.at,
                                                note.over,
                                                note.text)
                                : "    Note over %s: %d: %s\n".formatted(id(note.over), note.at, note.text));
            }
        }
        return text.toString();
    }

    /** Mermaid reads a hyphen as the beginning of an arrow. */
    private static String id(String name) {
        return name.replace("-", "");
    }
}
