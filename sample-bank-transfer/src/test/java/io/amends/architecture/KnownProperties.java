package io.amends.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The properties that the metadata of the starters, and of Spring Boot, knows. */
final class KnownProperties {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private final Set<String> names = new TreeSet<>();
    private final Set<String> maps = new TreeSet<>();
    private final Map<String, String> types = new TreeMap<>();

    /** Those of everything on the class path. */
    static KnownProperties ofClassPath() throws IOException {
        KnownProperties known = new KnownProperties();
        for (URL url : Collections.list(KnownProperties.class.getClassLoader().getResources(METADATA))) {
            try (InputStream stream = url.openStream()) {
                for (JsonNode property : new JsonMapper().readTree(stream).path("properties")) {
                    String name = property.path("name").asString();
                    known.names.add(name);
                    known.types.put(name, property.path("type").asString("java.lang.String"));
                    if (property.path("type").asString("").startsWith("java.util.Map")) {
                        known.maps.add(name);
                    }
                }
            }
        }
        return known;
    }

    /** Our own. */
    Set<String> ofSagas() {
        return names.stream().filter(name -> name.startsWith("saga.")).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The keys of such a block of a page that nobody knows. */
    List<String> unknownIn(MarkdownPage.Block block) {
        return settingsOf(block).keySet().stream().filter(key -> !isKnown(key)).toList();
    }

    /** The values of such a block that do not fit their property. */
    List<String> wrongIn(MarkdownPage.Block block) {
        List<String> wrong = new ArrayList<>();
        settingsOf(block).forEach((key, value) -> {
            try {
                TypeDescriptor type = isKnown(key) ? typeOf(bare(key)) : TypeDescriptor.valueOf(String.class);
                if (!value.equals("...")) {
                    ApplicationConversionService.getSharedInstance()
                            .convert(value, TypeDescriptor.valueOf(String.class), type);
                }
            } catch (ConversionException | NoSuchFieldException unfit) {
                wrong.add("%s=%s: %s".formatted(key, value, unfit.getMessage()));
            }
        });
        return wrong;
    }

    /** What a value is made into; an entry of a map has the type of its values, or of one of their fields. */
    private TypeDescriptor typeOf(String key) throws NoSuchFieldException {
        String type = types.get(key);
        if (type != null) {
            return described(type);
        }
        String map = maps.stream()
                .filter(one -> key.startsWith(one + ".") || key.startsWith(one + "["))
                .max(Comparator.comparing(String::length))
                .orElseThrow();
        String all = types.get(map);
        String value = all.substring(all.indexOf(',') + 1, all.lastIndexOf('>')).strip();
        return value.startsWith("io.amends.")
                ? new TypeDescriptor(field(classOf(value), key.substring(key.lastIndexOf('.') + 1)))
                : described(value);
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        String[] words = name.split("-", -1);
        StringBuilder camel = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            camel.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        }
        return type.getDeclaredField(camel.toString());
    }

    private static TypeDescriptor described(String type) {
        int generic = type.indexOf('<');
        if (generic > 0 && type.startsWith("java.util.List")) {
            return TypeDescriptor.collection(
                    List.class, TypeDescriptor.valueOf(classOf(type.substring(generic + 1, type.length() - 1))));
        }
        return TypeDescriptor.valueOf(classOf(generic > 0 ? type.substring(0, generic) : type));
    }

    /** A text where the class is of a library that is not here. */
    private static Class<?> classOf(String name) {
        try {
            return ClassUtils.forName(name, KnownProperties.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError notHere) {
            return String.class;
        }
    }

    private static String bare(String key) {
        return key.replaceAll("\\[\\d+]$", "");
    }

    /** Whether anybody binds it. */
    boolean isKnown(String key) {
        String bare = bare(key);
        return names.contains(bare)
                || maps.stream().anyMatch(map -> bare.startsWith(map + ".") || bare.startsWith(map + "["));
    }

    private static Map<String, String> settingsOf(MarkdownPage.Block block) {
        return block.language().equals("properties") ? ofLines(block.code()) : ofYaml(block.code());
    }

    private static Map<String, String> ofLines(String code) {
        Map<String, String> settings = new TreeMap<>();
        code.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(line -> line.split("=", 2))
                .forEach(line -> settings.put(line[0].strip(), line.length > 1 ? line[1].strip() : "(no value)"));
        return settings;
    }

    private static Map<String, String> ofYaml(String code) {
        try {
            Map<String, String> settings = new TreeMap<>();
            for (PropertySource<?> source :
                    new YamlPropertySourceLoader().load("block", new ByteArrayResource(code.getBytes()))) {
                for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                    settings.put(name, String.valueOf(source.getProperty(name)));
                }
            }
            return settings;
        } catch (IOException | RuntimeException unreadable) {
            return Map.of("(not YAML: " + unreadable.getMessage() + ")", "");
        }
    }
}
