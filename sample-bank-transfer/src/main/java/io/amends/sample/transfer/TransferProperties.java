package io.amends.sample.transfer;

import java.math.BigDecimal;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the transfer role.
 *
 * @param banks where each bank's HTTP side is, by name
 * @param maxAmount the largest transfer
 * @param sagaVersion which definition new transfers use, 1 or 2
 * @param twoPhaseAbove a transfer of more than this that names no mode is made by two-phase commit; null: none is
 * @param maxWaiters the most requests that wait for a transfer's end at the same time
 */
@ConfigurationProperties("transfer")
record TransferProperties(
        Map<String, URI> banks,
        @DefaultValue("1000000") BigDecimal maxAmount,
        @DefaultValue("2") int sagaVersion,
        @Nullable BigDecimal twoPhaseAbove,
        @DefaultValue("2000") int maxWaiters) {}
