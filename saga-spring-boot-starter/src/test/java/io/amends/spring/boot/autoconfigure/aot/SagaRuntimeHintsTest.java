package io.amends.spring.boot.autoconfigure.aot;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.stuck.StuckSaga;
import io.amends.saga.SubSagaCompleted;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** By the registrars that are found, as when an application is processed ahead of time. */
class SagaRuntimeHintsTest {

    private final RuntimeHints hints = new RuntimeHints();

    SagaRuntimeHintsTest() {
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class, (type, name, thrown) -> {})
                .stream()
                .filter(registrar -> registrar.getClass().getName().startsWith("io.amends."))
                .forEach(registrar -> registrar.registerHints(hints, getClass().getClassLoader()));
    }

    static Stream<String> scripts() throws IOException {
        return files("classpath*:io/amends/**/*.sql");
    }

    static Stream<String> pages() throws IOException {
        return Stream.concat(
                files("classpath*:io/amends/dashboard/pages/**/*.*"),
                files("classpath*:io/amends/dashboard/language/*.json"));
    }

    private static Stream<String> files(String pattern) throws IOException {
        return Arrays.stream(new PathMatchingResourcePatternResolver().getResources(pattern))
                .map(SagaRuntimeHintsTest::path);
    }

    private static String path(Resource resource) {
        String url = resource.toString();
        return url.substring(url.lastIndexOf("io/amends/"), url.lastIndexOf(']'));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void each_script_of_a_table_is_kept(String script) {
        assertThat(RuntimeHintsPredicates.resource().forResource(script)).accepts(hints);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void each_file_of_the_console_is_kept(String page) {
        assertThat(RuntimeHintsPredicates.resource().forResource(page)).accepts(hints);
    }

    @ParameterizedTest
    @ValueSource(strings = {"io/amends/dashboard/rest/openapi.json"})
    void the_description_of_the_rest_api_is_kept(String resource) {
        assertThat(RuntimeHintsPredicates.resource().forResource(resource)).accepts(hints);
    }

    @Test
    void records_that_the_framework_writes_and_reads_are_kept() {
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(SubSagaCompleted.class)
                        .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onType(StuckSaga.class)
                        .withMemberCategory(MemberCategory.INVOKE_DECLARED_CONSTRUCTORS))
                .accepts(hints);
    }
}
