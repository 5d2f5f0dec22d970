package io.amends.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

public class MetricNamesTest {

    @Test
    void every_metric_is_in_the_guide() throws IOException {
        String guide = Files.readString(Path.of("../docs/outbox.md"));
        assertThat(names()).isNotEmpty().allSatisfy(name -> assertThat(guide).contains("| `" + name + "` |"));
    }

    public static List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            for (Field field : MetricNames.class.getFields()) {
                names.add(String.valueOf(field.get(null)));
            }
        } catch (IllegalAccessException notPublic) {
            throw new IllegalStateException(notPublic);
        }
        return names;
    }
}
