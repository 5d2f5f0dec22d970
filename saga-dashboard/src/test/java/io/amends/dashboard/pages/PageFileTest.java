package io.amends.dashboard.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageFileTest {

    @Test
    void a_file_of_the_console_has_a_type_and_a_tag() {
        PageFile page = PageFile.find("index.html").orElseThrow();

        assertThat(page.mediaType()).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.tag()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../pages/index.html", "/index.html", "a//b.js", "none.js", "index.html/", "a..js", ".js"})
    void other_names_are_not_found(String name) {
        assertThat(PageFile.find(name)).isEmpty();
    }

    @Test
    void a_name_of_any_length_is_answered_too() {
        assertThat(PageFile.find("a/".repeat(50_000) + "a.js")).isEmpty();
        assertThat(PageFile.find("a" + ".a".repeat(50_000) + ".js")).isEmpty();
        assertThat(PageFile.find("a" + ".a".repeat(50_000) + "..js")).isEmpty();
    }
}
