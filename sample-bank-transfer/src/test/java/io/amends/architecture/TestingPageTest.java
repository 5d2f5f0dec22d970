package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/testing.md are parts of tests that run. */
class TestingPageTest {

    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static final List<String> TESTS = List.of(
            "sample-bank-transfer/src/test/java/io/amends/sample/transfer/MoneyTransferSagaTest.java",
            "saga-test/src/test/java/io/amends/test/simulation/SimulationTest.java",
            "saga-test/src/test/java/io/amends/test/conformance/PostgresSagaStoreTest.java");

    @Test
    void every_example_stands_in_the_test_that_it_is_from() throws IOException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        StringBuilder tests = new StringBuilder();
        for (String test : TESTS) {
            tests.append(withoutSpace(Files.readString(root.resolve(test))));
        }

        List<MatchResult> examples = EXAMPLE.matcher(Files.readString(root.resolve("docs/testing.md")))
                .results()
                .toList();

        assertThat(examples)
                .hasSize(6)
                .allSatisfy(example -> assertThat(tests.toString()).contains(withoutSpace(example.group(1))));
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }
}
