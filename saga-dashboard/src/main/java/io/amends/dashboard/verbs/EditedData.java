package io.amends.dashboard.verbs;

import io.amends.dashboard.access.Masking;
import io.amends.dashboard.language.Sentence;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.PayloadException;
import io.amends.saga.definition.SagaDefinition;
import io.amends.saga.definition.SagaRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the data that an operator wants in the place of a stuck saga's. It must be what the definition's type can be read
 * from, with nothing left out that was written; pieces that were shown masked stay what they are. Off unless it was switched on.
 * Safe for use by many threads.
 */
public final class EditedData {

    /** A place with an index on its way. */
    private static final Pattern IN_A_LIST = Pattern.compile("/[0-9]+(/|$)");

    private final SagaRegistry registry;
    private final PayloadCodec codec;
    private final Masking masking;
    private final boolean isOn;

    /**
     * @param registry what this process has
     * @param codec what the application's data is written with; only JSON is edited
     * @param masking what was shown masked
     * @param isOn whether data may be edited at all
     */
    public EditedData(SagaRegistry registry, PayloadCodec codec, Masking masking, boolean isOn) {
        this.registry = registry;
        this.codec = codec;
        this.masking = masking;
        this.isOn = isOn;
    }

    /** Where nobody edits data. */
    public static EditedData off(SagaRegistry registry, PayloadCodec codec) {
        return new EditedData(registry, codec, new Masking(List.of(), List.of()), false);
    }

    /** Whether data may be edited. */
    public boolean isOn() {
        return isOn;
    }

    /**
     * What was read.
     *
     * @param data the data; null with a trouble, or where the definition is not here, which is the engine's to refuse
     * @param before the stored data as text
     * @param after the data as it will be stored
     * @param changes what differs, masked
     * @param trouble in words why it is not taken, null if it is
     */
    record Read(
            @Nullable Object data,
            String before,
            String after,
            List<DataChange> changes,
            @Nullable Sentence trouble) {}

    private static Read refused(Sentence why) {
        Sentence whole = why.english().endsWith(".") ? why : Sentence.of("%s.", why);
        return new Read(null, "", "", List.of(), whole.then(Sentence.of("Nothing was changed.")));
    }

    Read read(ConsoleVerb.EditAndRetry edit, String saga, int version, byte[] stored) {
        if (!isOn) {
            return refused(Sentence.of("Data is not edited here (saga.console.edit)."));
        }
        if (!codec.contentType().startsWith("application/json")) {
            return refused(Sentence.of("The data is %s, and only JSON is edited.", codec.contentType()));
        }
        Optional<SagaDefinition> definition = registry.find(saga, version);
        if (definition.isEmpty()) {
            return new Read(null, "", "", List.of(), null);
        }
        try {
            return read(edit.data(), definition.get().dataType(), new String(stored, StandardCharsets.UTF_8));
        } catch (JacksonException notJson) {
            // Its own text may quote the data.
            return refused(Sentence.of(
                    "That is no JSON: %s.",
                    notJson.getLocation() == null ? Sentence.of("it ends too early") : place(notJson)));
        } catch (PayloadException unreadable) {
            return refused(Sentence.of("That is not the data of this saga: %s", unreadable.getMessage()));
        }
    }

    /**
     * Likewise a refused message's payload. One that a saga here sends must be what its type can be read from.
     *
     * @param type its logical type
     */
    public Edited message(String edited, String type, byte[] stored) {
        Read read;
        try {
            String before = new String(stored, StandardCharsets.UTF_8);
            Optional<Class<?>> known = MessageClass.of(registry, type);
            read = known.isPresent() ? read(edited, known.get(), before) : read(edited, before);
        } catch (JacksonException notJson) {
            read = refused(Sentence.of("The payload is, or would be, no JSON."));
        } catch (PayloadException unreadable) {
            read = refused(Sentence.of("That is no payload of a '%s': %s", type, unreadable.getMessage()));
        }
        return new Edited(read.after(), read.changes(), read.trouble());
    }

    /** Whether that payload is the one that was shown, however it is laid out. */
    public boolean isAsShown(String edited, byte[] stored) {
        String shown = masking.text(new String(stored, StandardCharsets.UTF_8));
        try {
            return edited.equals(shown) || JsonEdits.read(edited).equals(JsonEdits.read(shown));
        } catch (JacksonException notJson) {
            return false;
        }
    }

    /**
     * A payload that was edited.
     *
     * @param after as it will be stored; empty with a trouble
     * @param changes what differs, masked
     * @param trouble in words why it is not taken, null if it is
     */
    public record Edited(
            String after,
            List<DataChange> changes,
            @Nullable Sentence trouble) {
        public Edited {
            changes = List.copyOf(changes);
        }
    }

    private static Sentence place(JacksonException notJson) {
        return Sentence.of(
                "look at line %d, column %d",
                notJson.getLocation().getLineNr(), notJson.getLocation().getColumnNr());
    }

    /** As a value of that type. */
    private Read read(String edited, Class<?> type, String before) {
        List<String> unknown = new ArrayList<>();
        JsonNode wanted = wanted(edited, before, unknown);
        if (!unknown.isEmpty()) {
            return refused(standsForNothing(unknown));
        }
        Object data = codec.decode(bytes(JsonEdits.text(wanted)), type);
        String written = text(data);
        JsonNode after = JsonEdits.read(written);
        List<String> lost = JsonEdits.lost(wanted, after);
        if (!lost.isEmpty()) {
            return refused(Sentence.of(
                    "The data of this saga does not have %s: that would be discarded.", String.join(", ", lost)));
        }
        return compared(data, before, now(before, type), after, written);
    }

    /** As it would be written today, so that what is written differently since is no change; if it can't be read, as it is. */
    private JsonNode now(String before, Class<?> type) {
        try {
            return JsonEdits.read(text(codec.decode(bytes(before), type)));
        } catch (PayloadException unreadable) {
            return JsonEdits.read(before);
        }
    }

    /** As JSON of whatever form. */
    private Read read(String edited, String before) {
        List<String> unknown = new ArrayList<>();
        JsonNode wanted = wanted(edited, before, unknown);
        return unknown.isEmpty()
                ? compared(null, before, JsonEdits.read(before), wanted, JsonEdits.text(wanted))
                : refused(standsForNothing(unknown));
    }

    private JsonNode wanted(String edited, String before, List<String> unknown) {
        JsonNode shown = JsonEdits.read(masking.text(before));
        return JsonEdits.unmasked(JsonEdits.read(edited), shown, JsonEdits.read(before), unknown);
    }

    private static Sentence standsForNothing(List<String> places) {
        Sentence trouble = Sentence.of(
                "There is '%s' at %s, which stands for nothing that is masked there: write what is to be stored.",
                Masking.MASK, String.join(", ", places));
        return places.stream().noneMatch(IN_A_LIST.asPredicate())
                ? trouble
                : trouble.then(
                        Sentence.of(
                                "In a list asterisks stay what they are where no element was added, removed or moved, and one at most was changed: else nobody could tell whose they are."));
    }

    private Read compared(@Nullable Object data, String before, JsonNode now, JsonNode after, String written) {
        List<DataChange> changes = JsonEdits.changes(now, after, masked(now), masked(after));
        return changes.isEmpty()
                ? refused(Sentence.of("That changes nothing: to try it as it is, retry it."))
                : new Read(data, before, written, changes, null);
    }

    private JsonNode masked(JsonNode node) {
        return JsonEdits.read(masking.text(JsonEdits.text(node)));
    }

    private String text(Object data) {
        return new String(codec.encode(data), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
