package io.amends.dashboard.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test its tabs in a browser that all tests share: Chromium of the PATH, else the one that Playwright brings. After
 * the test no tab may have met anything that should not be.
 */
final class InBrowser implements ParameterResolver, AfterEachCallback {

    private static final Namespace SPACE = Namespace.create(InBrowser.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Tabs.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        Running running =
                test.getRoot().getStore(SPACE).computeIfAbsent(Running.class, key -> Running.start(), Running.class);
        return test.getStore(SPACE).computeIfAbsent(Tabs.class, key -> new Tabs(running.browser()), Tabs.class);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        Tabs tabs = test.getStore(SPACE).remove(Tabs.class, Tabs.class);
        if (tabs != null) {
            tabs.close();
            if (test.getExecutionException().isEmpty()) {
                tabs.expectNoTrouble();
            }
        }
    }

    private record Running(Playwright playwright, Browser browser) implements AutoCloseable {

        /** What a page may take on a busy machine, instead of five seconds. */
        private static final double PATIENCE = 30_000;

        private static Running start() {
            Optional<Path> installed = Stream.of("chromium", "chromium-browser", "google-chrome")
                    .flatMap(Running::onPath)
                    .findFirst();
            PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
            Playwright.CreateOptions options = new Playwright.CreateOptions();
            installed.ifPresent(path -> options.setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            Playwright playwright = Playwright.create(options);
            BrowserType.LaunchOptions launch = new BrowserType.LaunchOptions();
            installed.ifPresent(launch::setExecutablePath);
            if ("root".equals(System.getProperty("user.name"))) {
                launch.setArgs(List.of("--no-sandbox"));
            }
            return new Running(playwright, playwright.chromium().launch(launch));
        }

        private static Stream<Path> onPath(String name) {
            return Stream.of(Optional.ofNullable(System.getenv("PATH"))
                            .orElse("")
                            .split(File.pathSeparator))
                    .filter(directory -> !directory.isBlank())
                    .map(directory -> Path.of(directory, name))
                    .filter(Files::isExecutable);
        }

        @Override
        public void close() {
            playwright.close();
        }
    }
}
