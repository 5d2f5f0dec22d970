package io.amends.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The corpus of {@link DefinitionFuzzTest} has what {@link DefinitionSeeds} names; with -Damends.seeds.write=true it is written. */
class DefinitionSeedsTest {

    private static final Path CORPUS = Path.of(
            "src/test/resources/io/amends/fuzz/DefinitionFuzzTestInputs/annotations_are_read_or_refused_with_their_problems");

    @Test
    void the_corpus_has_each_seed() throws IOException {
        Map<String, byte[]> seeds = new HashMap<>();
        DefinitionSeeds.accepted().forEach((name, bytes) -> seeds.put("accepted-" + name, bytes));
        DefinitionSeeds.refused().forEach((name, bytes) -> seeds.put("refused-" + name, bytes));
        for (Map.Entry<String, byte[]> seed : seeds.entrySet()) {
            Path file = CORPUS.resolve(seed.getKey() + ".bin");
            if (Boolean.getBoolean("amends.seeds.write")) {
                Files.write(file, seed.getValue());
            }
            assertThat(file).hasBinaryContent(seed.getValue());
        }
    }
}
