package io.amends.sample.demo;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/** What one bank has. */
record Money(BigDecimal total, BigDecimal held, BigDecimal transit, long entries, long negative) {

    static Money of(JsonNode audit) {
        return new Money(
                new BigDecimal(audit.get("total").asString()),
                new BigDecimal(audit.get("held").asString()),
                new BigDecimal(audit.get("transit").asString()),
                audit.get("entries").asLong(),
                audit.get("negative").asLong());
    }

    @Override
    public String toString() {
        return "total %s, held %s, in transit %s, negative accounts %d".formatted(total, held, transit, negative);
    }
}
