package io.amends.saga.definition;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the compiler says to programs that use the builder. */
class SagaStagesCompileTest {

    private static final String PIVOT =
            ".pivot(\"credit\", CreditAccount.class, t -> Commands.to(t.toBank(), new CreditAccount(t.id())))";
    private static final String RESERVE =
            ".step(\"reserve\", ReserveFunds.class, t -> Commands.to(t.fromBank(), new ReserveFunds(t.id())))";
    private static final String RELEASE =
            ".compensatedBy(ReleaseFunds.class, t -> Commands.to(t.fromBank(), new ReleaseFunds(t.id())))";
    private static final String CAPTURE =
            ".retriable(\"capture\", CaptureFunds.class, t -> Commands.to(t.fromBank(), new CaptureFunds(t.id())))";
    private static final String REJECTABLE =
            ".retriable(\"reserve\", ReserveFunds.class, t -> Commands.to(t.fromBank(), new ReserveFunds(t.id())))";
    private static final String REJECTABLE_FIXED =
            ".retriable(\"reserve\", \"bank-a\", ReserveFunds.class, t -> new ReserveFunds(t.id()))";

    @TempDir
    Path classes;

    private List<String> errorsOf(String stages) throws Exception {
        String program = "package io.amends.saga.definition;\n"
                + "import io.amends.saga.Commands;\n"
                + "import io.amends.saga.definition.Transfers.*;\n"
                + "class Program { SagaDefinition saga = SagaDefinition.named(\"x\").data(Transfer.class)"
                + stages
                + ".build(); }\n";
        JavaCompiler compiler = requireNonNull(ToolProvider.getSystemJavaCompiler(), "the tests need a JDK");
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Program.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return program;
                    }
                };
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            List<String> options = List.of(
                    "-proc:none", "-d", classes.toString(), "-classpath", System.getProperty("java.class.path"));
            compiler.getTask(null, files, found, options, null, List.of(source)).call();
        }
        return found.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> each.getMessage(Locale.ROOT))
                .toList();
    }

    @Test
    void the_order_of_the_stages_compiles() throws Exception {
        assertThat(errorsOf(RESERVE + RELEASE + PIVOT + CAPTURE)).isEmpty();
    }

    static List<Arguments> wrong() {
        return List.of(
                Arguments.of("a rejectable command after the pivot", PIVOT + REJECTABLE, "ReserveFunds"),
                Arguments.of("a rejectable command to a fixed participant", PIVOT + REJECTABLE_FIXED, "ReserveFunds"),
                Arguments.of("a rejectable retriable command before the pivot", REJECTABLE, "ReserveFunds"),
                Arguments.of("a compensatable step after the pivot", PIVOT + RESERVE + RELEASE, "step"),
                Arguments.of("a second pivot", PIVOT + PIVOT, "pivot"),
                Arguments.of("a step without compensation", RESERVE + PIVOT, "pivot"),
                Arguments.of("an end without compensation", RESERVE, "build"),
                Arguments.of(
                        "a reply handler that returns something else",
                        PIVOT + ".onReply(AccountClosed.class, (t, reply) -> \"no data\")",
                        "String"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void the_compiler_refuses(String what, String stages, String named) throws Exception {
        assertThat(errorsOf(stages))
                .isNotEmpty()
                .anySatisfy(error -> assertThat(error).contains(named));
    }
}
