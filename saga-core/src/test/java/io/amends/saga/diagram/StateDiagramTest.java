package io.amends.saga.diagram;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The diagrams of docs/state-machine.md are the code's; {@code -Damends.docs.write=true} draws them anew. */
class StateDiagramTest {

    private static final Path PAGE = Path.of("..", "docs", "state-machine.md");

    @Test
    void a_phase_is_left_by_its_rows_and_the_ends_end() {
        assertThat(StateDiagram.ofPhases())
                .startsWith("stateDiagram-v2\n  [*] --> RUNNING\n")
                .contains(
                        "  RUNNING --> COMPLETED: start, answer, time, operator\n",
                        "  COMPENSATING --> COMPLETED: operator\n")
                .endsWith("  COMPLETED --> [*]\n  COMPENSATED --> [*]\n");
    }

    @Test
    void a_step_is_drawn_likewise() {
        assertThat(StateDiagram.ofSteps())
                .startsWith("stateDiagram-v2\n  [*] --> PENDING\n")
                .contains("  SENT --> REJECTED: answer\n")
                .doesNotContain("--> [*]");
    }

    @Test
    void the_page_shows_the_code_s_diagrams() throws IOException {
        String phases = block("phases", StateDiagram.ofPhases());
        String steps = block("steps", StateDiagram.ofSteps());
        if (Boolean.getBoolean("amends.docs.write")) {
            Files.writeString(PAGE, replaced(replaced(Files.readString(PAGE), "phases", phases), "steps", steps));
        }
        assertThat(Files.readString(PAGE))
                .as("docs/state-machine.md; run StateDiagramTest with -Damends.docs.write=true to draw it anew")
                .contains(phases)
                .contains(steps);
    }

    private static String block(String name, String diagram) {
        return "%s```mermaid\n%s```\n%s".formatted(begin(name), diagram, end(name));
    }

    private static String replaced(String page, String name, String block) {
        int from = page.indexOf(begin(name));
        int to = page.indexOf(end(name), from) + end(name).length();
        return page.substring(0, from) + block + page.substring(to);
    }

    private static String begin(String name) {
        return "<!-- StateDiagramTest draws the %s -->\n".formatted(name);
    }

    private static String end(String name) {
        return "<!-- up to here the %s -->\n".formatted(name);
    }
}
