package io.amends.runtime.migration;

import io.amends.outbox.failure.ErrorText;
import io.amends.runtime.wire.PayloadCodec;
import io.amends.runtime.wire.PayloadException;
import io.amends.saga.definition.DataMigration;
import io.amends.saga.definition.SagaDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads stored data as another version's: by the function that the definition declares for it, or as it is. In the latter case
 * nothing of it may get lost, as far as JSON shows that.
 */
final class MigratedData {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final int MOST = 5;

    private final PayloadCodec codec;

    MigratedData(PayloadCodec codec) {
        this.codec = codec;
    }

    /** In words that say what to do; no data is quoted. */
    static final class NotReadException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotReadException(String message) {
            super(message);
        }
    }

    /**
     * @param former the type that it was written from, null if no process has that version
     * @throws NotReadException if it can't be read as the target's
     */
    Object read(byte[] stored, int version, @Nullable Class<?> former, SagaDefinition target) {
        Optional<DataMigration> declared = target.migrationFrom(version);
        try {
            if (declared.isPresent()) {
                return migrated(stored, declared.get());
            }
            Object data = codec.decode(stored, target.dataType());
            List<String> lost = former == target.dataType() ? List.of() : lost(stored, codec.encode(data));
            if (lost.isEmpty()) {
                return data;
            }
            throw new NotReadException("Version %d has no place for %s of its data: that would be lost. %s"
                    .formatted(target.version(), String.join(", ", lost), advice(version)));
        } catch (PayloadException unreadable) {
            throw new NotReadException("Its data can't be read: %s %s"
                    .formatted(sentence(String.valueOf(unreadable.getMessage())), advice(version)));
        }
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private static String advice(int version) {
        return "Declare in a method with @MigratesData(from = %d) what becomes of it.".formatted(version);
    }

    private Object migrated(byte[] stored, DataMigration declared) {
        Object former = codec.decode(stored, declared.dataType());
        try {
            return declared.migrate().apply(former);
        } catch (RuntimeException | AssertionError | LinkageError | StackOverflowError thrown) {
            throw new NotReadException("What its definition declares for data of version %d threw %s."
                    .formatted(declared.from(), ErrorText.of(thrown)));
        }
    }

    private List<String> lost(byte[] before, byte[] after) {
        List<String> lost = new ArrayList<>();
        if (codec.contentType().startsWith("application/json")) {
            compare(JSON.readTree(before), JSON.readTree(after), JsonPointer.empty(), lost);
        }
        return lost;
    }

    private static void compare(JsonNode before, JsonNode after, JsonPointer at, List<String> lost) {
        if (lost.size() == MOST || before.isNull()) {
            return;
        }
        if (after.isMissingNode() || after.isNull()) {
            lost.add(at.toString());
        } else if (before.isObject()) {
            before.properties()
                    .forEach(field -> compare(
                            field.getValue(), after.path(field.getKey()), at.appendProperty(field.getKey()), lost));
        } else if (before.isArray()) {
            for (int i = 0; i < before.size(); i++) {
                compare(before.get(i), after.path(i), at.appendIndex(i), lost);
            }
        } else if (!isSame(before, after)) {
            lost.add(at.toString());
        }
    }

    /** A number may be written in another way; one that was cut off, such as 12.75 in a field for whole numbers, is lost. */
    private static boolean isSame(JsonNode before, JsonNode after) {
        if (before.isNumber() && after.isNumber()) {
            return before.decimalValue().compareTo(after.decimalValue()) == 0;
        }
        return after.isValueNode() && before.asString().equals(after.asString());
    }
}
