package io.amends.spring.boot.autoconfigure.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.runtime.wire.ReservedTypes;
import io.amends.runtime.wire.WireHeaders;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/headers.md names the headers and the types that the code has, and no others. */
class HeadersPageTest {

    private static final Pattern ROW = Pattern.compile("^\\| `([\\w.-]+)` \\|", Pattern.MULTILINE);

    @Test
    void every_header_and_every_reserved_type_has_its_row() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/headers.md"));
        assertThat(ROW.matcher(page).results().map(row -> row.group(1))).containsExactlyInAnyOrderElementsOf(names());
    }

    private static Set<String> names() {
        return Stream.of(WireHeaders.class, ReservedTypes.class)
                .flatMap(type -> Stream.of(type.getFields()))
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == String.class)
                .map(field -> {
                    try {
                        return (String) field.get(null);
                    } catch (IllegalAccessException unreadable) {
                        throw new IllegalStateException(unreadable);
                    }
                })
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
