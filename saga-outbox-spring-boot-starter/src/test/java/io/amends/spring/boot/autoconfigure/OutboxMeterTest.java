package io.amends.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OutboxMeterTest {

    @Test
    void every_meter_is_in_the_guide_with_its_sentence() throws IOException {
        String guide = Files.readString(Path.of("../docs/outbox.md"));
        assertThat(OutboxMeter.values())
                .allSatisfy(meter ->
                        assertThat(guide).contains("| `%s` | %s |%n".formatted(meter.meterName(), meter.sentence())));
    }
}
