package io.amends.spring.offender;

import io.amends.sample.demo.DemoOptions;
import io.amends.spring.boot.test.SagaDriver;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.util.logging.Logger;

/** Wrong on purpose, see ModuleArrowsTest: the starter with the sample, test servers and test support, printing. */
class StarterOffender {

    final Logger log = Logger.getLogger("offender");

    final System.Logger other = System.getLogger("offender");

    void print(DemoOptions options, EmbeddedPostgresServer server, SagaDriver driver) {
        System.out.println(options.seed() + server.port() + " " + driver.now());
    }
}
