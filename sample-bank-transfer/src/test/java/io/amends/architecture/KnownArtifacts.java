package io.amends.architecture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** The dependencies and plugins of the repository's poms, and who gives them their versions. */
final class KnownArtifacts {

    private static final Set<String> PARTS_OF_A_DEPENDENCY =
            Set.of("groupId", "artifactId", "version", "scope", "exclusions");
    private static final Set<String> SCOPES = Set.of("", "test", "runtime");
    private static final String SPRING_BOOT = "org.springframework.boot";

    private final Set<String> dependencies = new HashSet<>();
    private final Set<String> plugins = new HashSet<>();
    private final Map<String, String> versions = new HashMap<>();
    private final String ours;
    private final String springBoot;

    KnownArtifacts() throws IOException {
        Element root = parse(Files.readString(NamedTests.ROOT.resolve("pom.xml")));
        this.ours = text(root, "version");
        this.springBoot =
                root.getElementsByTagName("spring-boot.version").item(0).getTextContent();
        try (Stream<Path> folders = Files.list(NamedTests.ROOT)) {
            for (Path pom : Stream.concat(
                            Stream.of(NamedTests.ROOT.resolve("pom.xml")),
                            folders.map(folder -> folder.resolve("pom.xml")).filter(Files::exists))
                    .toList()) {
                Element project = parse(Files.readString(pom));
                for (Element one : elements(project, "dependency")) {
                    dependencies.add(name(one));
                    if (!text(one, "version").isEmpty()) {
                        versions.put(name(one), text(one, "version"));
                    }
                }
                elements(project, "plugin").forEach(one -> plugins.add(name(one)));
            }
        }
    }

    /** What such a block says that the poms do not know. */
    List<String> wrongIn(String xml) {
        List<String> wrong = new ArrayList<>();
        Element block;
        try {
            block = parse("<block>" + xml.replaceFirst("^<\\?xml[^>]*>", "") + "</block>");
        } catch (IOException unreadable) {
            return List.of(String.valueOf(unreadable.getMessage()));
        }
        for (Element one : elements(block, "dependency")) {
            String version = text(one, "version");
            if (!dependencies.contains(name(one))) {
                wrong.add("no pom has " + name(one));
            } else if (name(one).startsWith("io.amends:")) {
                need(version.equals(ours), "%s has version %s, not '%s'".formatted(name(one), ours, version), wrong);
            } else {
                need(
                        version.equals(versions.getOrDefault(name(one), "")),
                        "version '%s' of %s, which here has '%s' (none: Spring Boot gives it)"
                                .formatted(version, name(one), versions.getOrDefault(name(one), "")),
                        wrong);
            }
            need(SCOPES.contains(text(one, "scope")), "scope " + text(one, "scope"), wrong);
            children(one)
                    .map(Element::getTagName)
                    .filter(part -> !PARTS_OF_A_DEPENDENCY.contains(part))
                    .forEach(part -> wrong.add("<" + part + "> of a dependency"));
        }
        elements(block, "exclusion").stream()
                .filter(one -> dependencies.stream().noneMatch(known -> isOf(name(one), known)))
                .forEach(one -> wrong.add("excluded is " + name(one) + ", which no pom has"));
        elements(block, "plugin").stream()
                .filter(one -> !plugins.contains(name(one)))
                .forEach(one -> wrong.add("no pom has the plugin " + name(one)));
        elements(block, "goal").stream()
                .map(Node::getTextContent)
                .filter(goal -> !KnownCommands.GOALS_OF_SPRING_BOOT.contains(goal))
                .forEach(goal -> wrong.add("goal " + goal));
        elements(block, "parent").stream()
                .filter(one -> !text(one, "groupId").equals(SPRING_BOOT)
                        || !text(one, "version").equals(springBoot))
                .forEach(one -> wrong.add(
                        "the parent is Spring Boot " + springBoot + ", not " + name(one) + ":" + text(one, "version")));
        return wrong;
    }

    /** Also of a whole group, as {@code org.apache.kafka:*}. */
    private static boolean isOf(String excluded, String dependency) {
        return excluded.endsWith(":*")
                ? dependency.startsWith(excluded.substring(0, excluded.length() - 1))
                : excluded.equals(dependency);
    }

    private static void need(boolean right, String otherwise, List<String> wrong) {
        if (!right) {
            wrong.add(otherwise);
        }
    }

    private static String name(Element one) {
        String group = text(one, "groupId");
        // Maven's own plugins need not say so.
        return (group.isEmpty() ? "org.apache.maven.plugins" : group) + ":" + text(one, "artifactId");
    }

    private static String text(Element one, String child) {
        return children(one)
                .filter(element -> element.getTagName().equals(child))
                .map(element -> element.getTextContent().strip())
                .findFirst()
                .orElse("");
    }

    private static Stream<Element> children(Element one) {
        return stream(one.getChildNodes());
    }

    private static List<Element> elements(Element one, String name) {
        return stream(one.getElementsByTagName(name)).toList();
    }

    private static Stream<Element> stream(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast);
    }

    private static Element parse(String xml) throws IOException {
        try {
            DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            // It throws; printing it too helps nobody.
            builder.setErrorHandler(new DefaultHandler());
            return builder.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                    .getDocumentElement();
        } catch (SAXException | ParserConfigurationException wrong) {
            throw new IOException("not XML: " + wrong.getMessage(), wrong);
        }
    }
}
