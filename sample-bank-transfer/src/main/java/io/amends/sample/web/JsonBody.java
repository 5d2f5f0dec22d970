package io.amends.sample.web;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The fields of a JSON request, each checked when it is asked for, so that an error names its field. */
public final class JsonBody {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,30}(\\.\\d{1,30})?");
    private static final int MOST_DIGITS = 30;
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final JsonNode root;

    private JsonBody(JsonNode root) {
        this.root = root;
    }

    /**
     * The object in those bytes.
     *
     * @throws BadInputException if they are not a JSON object
     */
    public static JsonBody parse(byte[] bytes) {
        try {
            JsonNode root = JSON.readTree(bytes);
            if (root != null && root.isObject()) {
                return new JsonBody(root);
            }
        } catch (JacksonException malformed) {
            // answered below: what Jackson says would quote the request
        }
        throw new BadInputException("body", "The request is not a JSON object.");
    }

    /** The text of that field. */
    public String text(String field) {
        String text = optional(field);
        if (text == null || text.isBlank()) {
            throw new BadInputException(field, "The field is missing.");
        }
        return text;
    }

    /** The text of that field, null if it is not there. */
    public @Nullable String optional(String field) {
        JsonNode node = root.get(field);
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isString()) {
            throw new BadInputException(field, "Write the field as a string.");
        }
        return node.asString();
    }

    /** A UUID. */
    public UUID uuid(String field) {
        return uuid(field, text(field));
    }

    /** The UUID in that text. */
    public static UUID uuid(String field, String text) {
        if (!ID.matcher(text).matches()) {
            throw new BadInputException(field, "Write a UUID, as in 123e4567-e89b-12d3-a456-426614174000.");
        }
        return UUID.fromString(text);
    }

    /** An account's number. */
    public String account(String field) {
        String text = text(field);
        if (!ACCOUNT.matcher(text).matches()) {
            throw new BadInputException(field, "An account has 1 to 64 letters, digits and hyphens.");
        }
        return text;
    }

    /** One of the given texts. */
    public String oneOf(String field, List<String> allowed) {
        String text = text(field);
        if (!allowed.contains(text)) {
            throw new BadInputException(field, "Must be one of %s.".formatted(String.join(", ", allowed)));
        }
        return text;
    }

    private BigDecimal decimal(String field) {
        JsonNode node = root.get(field);
        if (node != null && node.isNumber()) {
            BigDecimal number = node.decimalValue();
            // 1e999999999 is a short text, but written out it would not fit into memory.
            if (number.precision() <= MOST_DIGITS && Math.abs(number.scale()) <= MOST_DIGITS) {
                return number;
            }
        } else {
            String text = text(field);
            if (DECIMAL.matcher(text).matches()) {
                return new BigDecimal(text);
            }
        }
        throw new BadInputException(field, "Write a decimal number as a string, as in \"12.50\".");
    }

    /** An amount with at most two decimals and at most that large, with a scale of two. */
    public BigDecimal amount(String field, BigDecimal most) {
        BigDecimal amount = decimal(field);
        if (amount.stripTrailingZeros().scale() > 2) {
            throw new BadInputException(field, "At most two decimals.");
        }
        if (amount.compareTo(most) > 0) {
            throw new BadInputException(field, "At most %s.".formatted(most.toPlainString()));
        }
        return amount.setScale(2);
    }
}
