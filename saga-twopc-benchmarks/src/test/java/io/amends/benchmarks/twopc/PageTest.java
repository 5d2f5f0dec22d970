package io.amends.benchmarks.twopc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

    @TempDir
    private Path folder;

    @Test
    void only_what_is_between_the_marks_is_replaced() throws IOException {
        Path page = folder.resolve(Page.FILE);
        Files.writeString(page, "before\n" + Page.BEGIN + "\nold\n" + Page.END + "\nafter\n");

        Page.write(folder, "new\n");

        assertThat(page).hasContent("before\n" + Page.BEGIN + "\n\nnew\n\n" + Page.END + "\nafter\n");
    }

    @Test
    void a_page_without_the_marks_is_left_alone() throws IOException {
        Path page = folder.resolve(Page.FILE);
        Files.writeString(page, "text\n");

        assertThatThrownBy(() -> Page.write(folder, "new")).hasMessageContaining(Page.BEGIN);
        assertThat(page).hasContent("text\n");
    }

    @Test
    void a_page_that_is_not_there_is_made() {
        Page.write(folder.resolve("docs"), "new");

        assertThat(folder.resolve("docs").resolve(Page.FILE)).content().contains(Page.BEGIN + "\n\nnew\n\n" + Page.END);
    }
}
