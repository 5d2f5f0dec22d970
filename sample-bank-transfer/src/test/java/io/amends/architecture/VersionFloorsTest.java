package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.Driver;
import org.springframework.kafka.core.KafkaTemplate;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectMapper;

/** Below these versions what is on the class path has known holes. A jar's name says its version. */
class VersionFloorsTest {

    private static final Pattern JAR = Pattern.compile("-(\\d+(?:\\.\\d+)+)[^/]*\\.jar$");

    static List<Arguments> floors() {
        return List.of(
                Arguments.of(Driver.class, "42.7.12"),
                Arguments.of(JsonParser.class, "3.1.0"),
                Arguments.of(ObjectMapper.class, "3.1.0"),
                Arguments.of(Producer.class, "4.2.0"),
                // Advisories that are mended in 4.1.3 only are of parts that BannedCallsTest keeps out.
                Arguments.of(KafkaTemplate.class, "4.1.1"));
    }

    @ParameterizedTest
    @MethodSource("floors")
    void what_is_on_the_class_path_is_not_older_than_its_floor(Class<?> type, String floor) {
        assertThat(compare(version(type), floor))
                .as("%s has version %s, its floor is %s", type.getName(), version(type), floor)
                .isNotNegative();
    }

    @ParameterizedTest
    @CsvSource({"42.7.11, 42.7.12", "3.0.9, 3.1.0", "3.1, 3.1.1", "9.10, 10.1"})
    void an_older_version_is_noticed(String older, String floor) {
        assertThat(compare(older, floor)).isNegative();
        assertThat(compare(floor, older)).isPositive();
        assertThat(compare(floor, floor)).isZero();
    }

    private static String version(Class<?> type) {
        CodeSource source = Objects.requireNonNull(type.getProtectionDomain().getCodeSource());
        String jar = Path.of(source.getLocation().getPath()).getFileName().toString();
        Matcher version = JAR.matcher(jar);
        assertThat(version.find()).as("the name of %s tells a version", jar).isTrue();
        return version.group(1);
    }

    private static int compare(String one, String other) {
        int[] left = parts(one);
        int[] right = parts(other);
        return IntStream.range(0, Math.max(left.length, right.length))
                .map(i -> Integer.compare(i < left.length ? left[i] : 0, i < right.length ? right[i] : 0))
                .filter(difference -> difference != 0)
                .findFirst()
                .orElse(0);
    }

    private static int[] parts(String version) {
        return Pattern.compile("\\.")
                .splitAsStream(version)
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
