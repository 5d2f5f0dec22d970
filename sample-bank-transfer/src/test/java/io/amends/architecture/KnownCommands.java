package io.amends.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.AotDetector;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a command of a page may name: modules, tests, profiles, jars, scripts, services, routes and options of this repository. */
final class KnownCommands {

    private static final Path ROOT = NamedTests.ROOT;
    private static final Set<String> PHASES =
            Set.of("clean", "validate", "compile", "test", "package", "verify", "install");
    private static final Set<String> FLAGS = Set.of("-B", "-ntp", "-q", "-o", "-am");
    private static final Set<String> OF_MAVEN = Set.of("skipTests", "surefire.failIfNoSpecifiedTests");
    private static final Set<String> OF_JAVA = Set.of(AotDetector.AOT_ENABLED);
    /** Programs of others, whose options are theirs. */
    private static final Set<String> OF_OTHERS = Set.of("export", "mail", "kafka-topics.sh");

    /** Those of its Maven plugin that pages may name. */
    static final Set<String> GOALS_OF_SPRING_BOOT = Set.of("run", "test-run", "repackage", "process-aot");

    private final KnownProperties properties;
    private final SourceCode java = SourceCode.of(".java");
    private final String poms;
    private final String rootPom = Files.readString(ROOT.resolve("pom.xml"));
    private final Map<String, Object> compose = new Yaml().load(Files.readString(ROOT.resolve("docker-compose.yml")));
    private final JsonNode console = JsonMapper.shared()
            .readTree(ROOT.resolve("saga-dashboard/src/main/resources/io/amends/dashboard/rest/openapi.json")
                    .toFile());
    private final List<String> problems = new ArrayList<>();

    KnownCommands(KnownProperties properties) throws IOException {
        this.properties = properties;
        StringBuilder all = new StringBuilder(rootPom);
        for (String module : modules()) {
            all.append(Files.readString(ROOT.resolve(module).resolve("pom.xml")));
        }
        this.poms = all.toString();
    }

    /** What such a block names that is not there. */
    List<String> unknownIn(String shell) {
        problems.clear();
        try {
            look(shell);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return List.copyOf(problems);
    }

    private void look(String shell) throws IOException {
        for (List<String> command : ShellText.commands(shell)) {
            Iterator<String> words = command.iterator();
            String program = words.next();
            switch (program) {
                case "mvn" -> maven(words);
                case "java" -> java(words);
                // As docs/console-cli.md names it.
                case "amends" ->
                    java(Stream.concat(
                                    Stream.of("-jar", "saga-console-cli/target/saga-console-cli.jar"),
                                    command.stream().skip(1))
                            .iterator());
                case "docker" -> docker(words);
                case "curl" -> curl(command);
                default -> {
                    if (!OF_OTHERS.contains(program)
                            && !(program.contains("/") && Files.isExecutable(ROOT.resolve(program)))) {
                        problems.add("the program " + program);
                    }
                }
            }
        }
    }

    private void maven(Iterator<String> words) throws IOException {
        List<String> modules = modules();
        List<String> tests = List.of();
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("-pl")) {
                modules = List.of(words.next().split(",", -1));
                modules.stream().filter(one -> !modules().contains(one)).forEach(one -> problems.add("module " + one));
            } else if (word.startsWith("-P")) {
                need(poms.contains("<id>" + word.substring(2) + "</id>"), "profile " + word.substring(2));
            } else if (word.startsWith("-Dtest=")) {
                tests = List.of(word.substring("-Dtest=".length()).split(",", -1));
            } else if (word.startsWith("-D")) {
                String key = word.substring(2).split("=", 2)[0];
                need(OF_MAVEN.contains(key) || isReadByJava(key) || poms.contains("<" + key + ">"), "-D" + key);
            } else if (word.contains(":")) {
                String[] goal = word.split(":", 2);
                need(
                        poms.contains("<artifactId>" + goal[0] + "-maven-plugin</artifactId>")
                                && (!goal[0].equals("spring-boot") || GOALS_OF_SPRING_BOOT.contains(goal[1])),
                        "goal " + word);
            } else {
                need(FLAGS.contains(word) || PHASES.contains(word), "mvn " + word);
            }
        }
        for (String test : tests) {
            boolean there = false;
            for (String module : modules) {
                there |= !javaFiles(module + "/src/test/java", test).isEmpty();
            }
            need(there, "test " + test + " in " + modules);
        }
    }

    /** By itself, or at the beginning of its usage. */
    private static boolean isCommand(SourceCode code, String name) {
        return code.has('"' + name + '"') || code.has('"' + name + ' ');
    }

    /** Not as just any text: as the name of something that is looked up. */
    private boolean isReadByJava(String key) {
        return Stream.of("getInteger(", "getLong(", "getBoolean(", "getProperty(", "String PROPERTY = ")
                .anyMatch(reads -> java.has(reads + '"' + key + '"'));
    }

    private void java(Iterator<String> words) throws IOException {
        @Nullable String module = null;
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("-jar") || word.equals("-cp")) {
                module = moduleOfJar(words.next());
            } else if (word.startsWith("-Dloader.main=")) {
                String main = word.substring("-Dloader.main=".length());
                String name = main.substring(main.lastIndexOf('.') + 1);
                boolean there = false;
                for (String one : modules()) {
                    there |= javaFiles(one + "/src/main/java", name).stream()
                            .anyMatch(file -> file.endsWith(main.replace('.', '/') + ".java"));
                }
                need(there, "class " + main);
            } else if (word.startsWith("-D")) {
                need(OF_JAVA.contains(word.substring(2).split("=", 2)[0]), word);
            } else if (word.equals("org.springframework.boot.loader.launch.PropertiesLauncher")) {
                need(module != null && poms.contains("spring-boot-maven-plugin"), word);
            } else if (word.startsWith("--")) {
                option(module, word.substring(2).split("=", 2));
            } else if (module != null && module.equals("saga-console-cli") && word.matches("[a-z-]{2,}")) {
                need(isCommand(sourceOf(module), word), "command " + word + " of " + module);
                // What follows is what the command is about.
                while (words.hasNext()) {
                    String next = words.next();
                    if (next.startsWith("--")) {
                        option(module, next.substring(2).split("=", 2));
                    }
                }
            }
        }
    }

    /** The module whose build makes it; null for that of the reader's own project, as the tutorial makes it. */
    private @Nullable String moduleOfJar(String path) throws IOException {
        if (path.equals("target/shop-1.jar")) {
            String tutorial = Files.readString(ROOT.resolve("docs/tutorial.md"));
            need(tutorial.contains("<artifactId>shop</artifactId>\n  <version>1</version>"), path);
            return null;
        }
        String[] parts = path.split("/target/", 2);
        Path pom = ROOT.resolve(parts[0]).resolve("pom.xml");
        String name = parts.length < 2 ? path : parts[1].replaceFirst("\\.jar$", "");
        boolean there = Files.exists(pom) && Files.readString(pom).contains("<finalName>" + name + "</finalName>");
        need(there, "jar " + path);
        return there ? parts[0] : null;
    }

    private void option(@Nullable String module, String[] option) throws IOException {
        if (properties.isKnown(option[0])) {
            return;
        }
        SourceCode source = module == null ? java : sourceOf(module);
        need(source.has('"' + option[0] + '"'), "option --" + option[0]);
        if (option.length > 1 && option[1].matches("[a-z][a-z-]*[a-z]|[A-Z][A-Z_]+")) {
            String constant = option[1].toUpperCase(Locale.ROOT).replace('-', '_');
            need(
                    source.has('"' + option[1] + '"') || source.has(constant + "(") || source.has(constant + ","),
                    "value %s of --%s".formatted(option[1], option[0]));
        }
    }

    private static SourceCode sourceOf(String module) throws IOException {
        return SourceCode.of(ROOT.resolve(module).resolve("src/main"), ".java");
    }

    private void docker(Iterator<String> words) {
        need(words.next().equals("compose"), "docker without compose");
        boolean run = false;
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("--profile")) {
                String profile = words.next();
                need(
                        compose.get("services").toString().matches("(?s).*profiles=\\[[^]]*\\b" + profile + "\\b.*"),
                        profile);
            } else if (word.equals("run")) {
                run = true;
            } else if (!Set.of("up", "down", "-d", "-v", "--build", "--rm").contains(word)) {
                need(run && ((Map<?, ?>) compose.get("services")).containsKey(word), "service " + word);
            }
        }
    }

    private void curl(List<String> words) {
        String method = "get";
        String address = "";
        for (int i = 1; i < words.size(); i++) {
            switch (words.get(i)) {
                case "-X" -> method = words.get(++i).toLowerCase(Locale.ROOT);
                case "-u", "-H" -> i++;
                case "-d" -> {
                    method = method.equals("get") ? "post" : method;
                    String body = words.get(++i);
                    need(isJson(body), "JSON " + body);
                }
                default -> address = words.get(i);
            }
        }
        String path = address.replaceFirst("^(https?://)?[^/]+", "");
        if (path.startsWith("/amends/api/v1")) {
            String route = path.substring("/amends/api/v1".length());
            String verb = method;
            need(
                    console.get("paths")
                            .propertyStream()
                            .anyMatch(one -> route.matches(one.getKey().replaceAll("\\{\\w+}", "[^/]+"))
                                    && one.getValue().has(verb)),
                    method + " " + route + " of the console");
        } else {
            String mapping = Character.toUpperCase(method.charAt(0)) + method.substring(1) + "Mapping(\"";
            need(java.has("@" + mapping + path.replaceFirst("/[^/]+$", "/{id}") + "\")"), method + " " + path);
        }
    }

    static boolean isJson(String text) {
        try {
            return JsonMapper.shared().readTree(text).isContainer();
        } catch (JacksonException wrong) {
            return false;
        }
    }

    private void need(boolean there, String what) {
        if (!there) {
            problems.add(what);
        }
    }

    private static List<Path> javaFiles(String below, String type) throws IOException {
        Path folder = ROOT.resolve(below);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith(type + ".java")).toList();
        }
    }

    private List<String> modules() {
        return Pattern.compile("<module>([^<]+)</module>")
                .matcher(rootPom)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
