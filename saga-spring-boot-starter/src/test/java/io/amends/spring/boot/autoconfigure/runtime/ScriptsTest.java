package io.amends.spring.boot.autoconfigure.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.amends.dashboard.database.ConsoleSchema;
import io.amends.outbox.schema.SagaSchema;
import io.amends.twopc.JdbcDecisionLog;
import io.amends.twopc.TwoPhaseEndpoint;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** A script that lies in its folder but that its module does not name would be run by nobody. */
class ScriptsTest {

    static Stream<SagaSchema.Scripts> modules() {
        return Stream.of(
                SagaSchema.OUTBOX,
                SagaRuntimeAutoConfiguration.sagaRuntimeScripts(),
                ConsoleSchema.SCRIPTS,
                new SagaSchema.Scripts(JdbcDecisionLog.SCRIPTS_FOLDER, JdbcDecisionLog.SCRIPTS),
                new SagaSchema.Scripts(TwoPhaseEndpoint.SCRIPTS_FOLDER, TwoPhaseEndpoint.SCRIPTS));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void each_script_is_named_by_its_module(SagaSchema.Scripts module) throws IOException {
        Resource[] there =
                new PathMatchingResourcePatternResolver().getResources("classpath*:" + module.folder() + "/*.sql");
        assertThat(Arrays.stream(there).map(Resource::getFilename)).containsExactlyInAnyOrderElementsOf(module.files());
    }
}
