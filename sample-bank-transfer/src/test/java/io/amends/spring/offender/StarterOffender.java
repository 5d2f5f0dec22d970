package io.amends.spring.offender;

import io.amends.sample.demo.DemoOptions;
import io.amends.spring.boot.test.SagaDriver;
import io.amends.test.postgres.EmbeddedPostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.util.logging.Logger;

/** Wrong on purpose, see ModuleArrowsTest: the starter with the sample, test servers and test support, printing and deserialising. */
class StarterOffender {

    final Logger log = Logger.getLogger("offender");

    Object read(InputStream stream) throws IOException, ClassNotFoundException {
        return new ObjectInputStream(stream).readObject();
    }

    void print(DemoOptions options, EmbeddedPostgresServer server, SagaDriver driver) {
        System.out.println(options.seed() + server.port() + " " + driver.now());
    }
}
