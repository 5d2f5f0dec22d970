package io.amends.spring.boot.autoconfigure.reference;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** docs/reference/properties.md is what the configuration metadata of both starters says. */
class PropertiesPageTest {

    private static final String COMMAND = "mvn -q -pl saga-spring-boot-starter -am verify -Dtest=PropertiesPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Damends.docs.write=true";

    @Test
    void the_page_has_every_property_with_its_default_and_its_meaning() throws IOException {
        new GeneratedPage("reference/properties.md", PropertiesPageTest.class).shows(PropertyTables.asPage(), COMMAND);
    }
}
