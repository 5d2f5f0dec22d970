package io.amends.dashboard.verbs;

import io.amends.dashboard.access.Masking;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** What an edit of JSON changes, and what of it stands for something masked. Numbers keep all their digits. Pure. */
final class JsonEdits {

    private static final int MOST = 200;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private JsonEdits() {}

    /** @throws tools.jackson.core.JacksonException if that is no JSON */
    static JsonNode read(String text) {
        return JSON.readTree(text);
    }

    static String text(JsonNode node) {
        return JSON.writeValueAsString(node);
    }

    /**
     * The edited data with what is stored in the place of what was shown masked.
     *
     * <p>Elements of a list have no names. So there what is masked stays only in an element that is as it was shown, or that is the
     * one that differs: of two that differ nobody knows whether they changed places, and whose secret is whose.
     *
     * @param shown what the operator saw
     * @param stored what is stored
     * @param unknown gets the places of asterisks that stand for nothing
     */
    static JsonNode unmasked(JsonNode edited, JsonNode shown, JsonNode stored, List<String> unknown) {
        return unmasked(edited, shown, stored, JsonPointer.empty(), unknown);
    }

    private static JsonNode unmasked(
            JsonNode edited, JsonNode shown, JsonNode stored, JsonPointer at, List<String> unknown) {
        if (edited.isString()) {
            if (edited.equals(shown)) {
                return stored;
            }
            if (edited.stringValue().contains(Masking.MASK) && !edited.equals(stored)) {
                unknown.add(at.toString());
            }
            return edited;
        }
        if (edited instanceof ObjectNode object) {
            ObjectNode whole = JSON.createObjectNode();
            object.properties()
                    .forEach(field -> whole.set(
                            field.getKey(),
                            unmasked(
                                    field.getValue(),
                                    shown.path(field.getKey()),
                                    stored.path(field.getKey()),
                                    at.appendProperty(field.getKey()),
                                    unknown)));
            return whole;
        }
        if (edited instanceof ArrayNode array) {
            BitSet known = known(array, shown);
            ArrayNode whole = JSON.createArrayNode();
            for (int i = 0; i < array.size(); i++) {
                whole.add(unmasked(
                        array.get(i),
                        known.get(i) ? shown.path(i) : MissingNode.getInstance(),
                        known.get(i) ? stored.path(i) : MissingNode.getInstance(),
                        at.appendIndex(i),
                        unknown));
            }
            return whole;
        }
        return edited;
    }

    /** Which elements of the edited list are surely those that were shown at their places. */
    private static BitSet known(ArrayNode edited, JsonNode shown) {
        BitSet known = new BitSet();
        if (!shown.isArray() || shown.size() != edited.size()) {
            return known;
        }
        for (int i = 0; i < edited.size(); i++) {
            known.set(i, edited.get(i).equals(shown.get(i)));
        }
        int changed = known.nextClearBit(0);
        boolean isOne = known.cardinality() == edited.size() - 1;
        // What equals another element may be a copy of that one, put in the place of this.
        if (isOne && shown.valueStream().noneMatch(edited.get(changed)::equals)) {
            known.set(changed);
        }
        return known;
    }

    /** The places that were written and are not there after they were read. */
    static List<String> lost(JsonNode wanted, JsonNode after) {
        List<String> lost = new ArrayList<>();
        leaves(wanted).forEach((at, value) -> {
            if (after.at(at).isMissingNode() && !value.isNull()) {
                lost.add(at.toString());
            }
        });
        return lost.size() <= MOST ? lost : lost.subList(0, MOST);
    }

    /** What differs, the first of it if it is much. */
    static List<DataChange> changes(JsonNode before, JsonNode after, JsonNode shownBefore, JsonNode shownAfter) {
        Map<JsonPointer, JsonNode> old = leaves(before);
        Map<JsonPointer, JsonNode> now = leaves(after);
        Set<JsonPointer> places = new LinkedHashSet<>(old.keySet());
        places.addAll(now.keySet());
        List<DataChange> changes = new ArrayList<>();
        for (JsonPointer at : places) {
            JsonNode was = old.get(at);
            JsonNode is = now.get(at);
            if (was == null || !was.equals(is)) {
                changes.add(new DataChange(at.toString(), shown(was, shownBefore, at), shown(is, shownAfter, at)));
            }
        }
        return changes.size() <= MOST ? changes : changes.subList(0, MOST);
    }

    private static @Nullable String shown(@Nullable JsonNode value, JsonNode shown, JsonPointer at) {
        if (value == null) {
            return null;
        }
        JsonNode told = shown.at(at);
        // Something around it is masked.
        return told.isMissingNode() ? '"' + Masking.MASK + '"' : text(told);
    }

    /** Values, and what is empty, by their places. */
    private static Map<JsonPointer, JsonNode> leaves(JsonNode tree) {
        Map<JsonPointer, JsonNode> leaves = new LinkedHashMap<>();
        gather(tree, JsonPointer.empty(), leaves);
        return leaves;
    }

    private static void gather(JsonNode node, JsonPointer at, Map<JsonPointer, JsonNode> to) {
        if (node instanceof ObjectNode object && !object.isEmpty()) {
            object.properties().forEach(field -> gather(field.getValue(), at.appendProperty(field.getKey()), to));
        } else if (node instanceof ArrayNode array && !array.isEmpty()) {
            for (int i = 0; i < array.size(); i++) {
                gather(array.get(i), at.appendIndex(i), to);
            }
        } else {
            to.put(at, node);
        }
    }
}
