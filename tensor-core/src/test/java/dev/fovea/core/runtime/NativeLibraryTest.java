package dev.fovea.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {
  @Test
  void theLibraryOnTheClassPathLoads() {
    LibraryInfo info = NativeLibrary.info();

    assertThat(info.version()).isEqualTo(NativeLibrary.EXPECTED_VERSION);
    assertThat(info.targets()).contains(info.target()).endsWith("reference");
    assertThat(info.layers()).extracting("name").contains("Conv2d", "Dense", "SoftmaxCrossEntropy");
    assertThat(info.optimizers()).extracting("name").contains("Adam", "Sgd");
  }

  @Test
  void theExpectedVersionIsThatOfTheJar() throws IOException {
    Matcher version =
        Pattern.compile("<artifactId>fovea</artifactId>\\s*<version>([^<]*)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));

    assertThat(version.find()).isTrue();
    assertThat(version.group(1).replace("-SNAPSHOT", "")).isEqualTo(NativeLibrary.EXPECTED_VERSION);
  }

  @Test
  void anotherClassLoaderLoadsItsOwnCopy() throws Exception {
    LibraryInfo first = NativeLibrary.info();
    ClassLoader ours = NativeLibrary.class.getClassLoader();
    String library = ours.getResource(NativeLibraryLoader.RESOURCE).toString();
    URL[] urls = {
      NativeLibrary.class.getProtectionDomain().getCodeSource().getLocation(),
      new URL(rootOf(library))
    };

    for (int attached = 0; attached < 2; attached++) {
      try (URLClassLoader other = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
        Class<?> type = other.loadClass(NativeLibrary.class.getName());
        Method info = type.getMethod("info");

        assertThat(type).isNotSameAs(NativeLibrary.class);
        assertThat(info.invoke(null)).hasToString(first.toString());
      }
    }
  }

  /** The directory or jar that a resource of the library comes from, as a class loader wants it. */
  private static String rootOf(String resource) {
    String root = resource.substring(0, resource.length() - NativeLibraryLoader.RESOURCE.length());
    return root.startsWith("jar:") ? root.substring(4, root.length() - 2) : root;
  }
}
