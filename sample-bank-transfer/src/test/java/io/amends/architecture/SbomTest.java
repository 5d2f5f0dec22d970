package io.amends.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bill of materials of a module says what is shipped with it: what its pom names, without what its tests need. It is made when
 * a module is packaged by an online Maven, so {@code mvn verify} has it by now; {@code mvn test} and {@code mvn -o verify} have not.
 */
class SbomTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "saga-core",
                "saga-outbox",
                "saga-runtime",
                "saga-twopc",
                "saga-dashboard",
                "saga-outbox-spring-boot-starter",
                "saga-spring-boot-starter"
            })
    void it_lists_what_the_pom_names_and_what_that_brings_and_nothing_for_tests(String module) throws Exception {
        Path file = NamedTests.ROOT.resolve(module).resolve("target/bom.json");
        assumeTrue(isOfThisBuild(file, module), "made by mvn verify, unless Maven is offline");
        JsonNode bom = JsonMapper.shared().readTree(file);
        String self = bom.at("/metadata/component/bom-ref").stringValue();
        Map<String, List<String>> graph = new HashMap<>();
        bom.get("dependencies")
                .forEach(each -> graph.put(
                        each.get("ref").stringValue(),
                        each.path("dependsOn")
                                .valueStream()
                                .map(JsonNode::stringValue)
                                .toList()));
        Set<String> listed = bom.get("components")
                .valueStream()
                .map(each -> each.get("bom-ref").stringValue())
                .collect(Collectors.toSet());

        assertThat(graph.get(self).stream().map(SbomTest::name)).containsExactlyInAnyOrderElementsOf(shipped(module));
        assertThat(listed).isEqualTo(reachable(self, graph));
    }

    @Test
    void a_module_that_has_tests_alone_is_not_shipped() throws IOException {
        try (Stream<Path> folders = Files.list(NamedTests.ROOT)) {
            assertThat(folders.filter(module -> Files.exists(module.resolve("pom.xml")))
                            .filter(module -> !Files.exists(module.resolve("src/main"))))
                    .isNotEmpty()
                    .allSatisfy(module -> assertThat(module.resolve("pom.xml"))
                            .content()
                            .contains("<maven.deploy.skip>true</maven.deploy.skip>"));
        }
    }

    /** An offline Maven leaves that of an earlier build. */
    private static boolean isOfThisBuild(Path bom, String module) throws IOException {
        if (!Files.exists(bom)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(bom);
        try (Stream<Path> jars = Files.list(bom.resolveSibling("."))) {
            return Stream.concat(
                            jars.filter(
                                    file -> file.getFileName().toString().matches(module + "-[^-]+(-SNAPSHOT)?\\.jar")),
                            Stream.of(NamedTests.ROOT.resolve("pom.xml"), NamedTests.ROOT.resolve(module + "/pom.xml")))
                    .allMatch(file -> file.toFile().lastModified() <= made.toMillis());
        }
    }

    /** {@code org.slf4j:slf4j-api} of {@code pkg:maven/org.slf4j/slf4j-api@2.0.17?type=jar}. */
    private static String name(String reference) {
        return reference
                .substring("pkg:maven/".length(), reference.indexOf('@'))
                .replace('/', ':');
    }

    private static Set<String> reachable(String from, Map<String, List<String>> graph) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(graph.getOrDefault(from, List.of()));
        for (String next = open.poll(); next != null; next = open.poll()) {
            if (seen.add(next)) {
                open.addAll(graph.getOrDefault(next, List.of()));
            }
        }
        return seen;
    }

    /** What the module's own pom and the root's name outside of tests. */
    private static Set<String> shipped(String module) throws Exception {
        Set<String> shipped = new TreeSet<>();
        for (String pom : List.of("pom.xml", module + "/pom.xml")) {
            Element project = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(NamedTests.ROOT.resolve(pom).toFile())
                    .getDocumentElement();
            children(project, "dependencies")
                    .flatMap(all -> children(all, "dependency"))
                    .filter(one -> children(one, "scope")
                            .noneMatch(scope -> scope.getTextContent().equals("test")))
                    .map(one -> "%s:%s".formatted(text(one, "groupId"), text(one, "artifactId")))
                    .forEach(shipped::add);
        }
        return shipped;
    }

    private static Stream<Element> children(Element of, String name) {
        Stream.Builder<Element> found = Stream.builder();
        for (Node each = of.getFirstChild(); each != null; each = each.getNextSibling()) {
            if (each instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found.build();
    }

    private static String text(Element of, String name) {
        return children(of, name).map(Node::getTextContent).findFirst().orElseThrow();
    }
}
