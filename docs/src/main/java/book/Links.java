package book;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** The links of all pages in a folder, and what the pages would fetch; outside links are not followed. */
final class Links {
    private static final Pattern FETCHED = Pattern.compile("(?:url\\(\\s*|@import\\s+)[\"']?(?!data:|#)([^\"')]*)");

    private final Path folder;
    private final Map<String, Document> pages = new TreeMap<>();
    private final List<Broken> broken = new ArrayList<>();

    private Links(Path folder) throws IOException {
        this.folder = folder;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".html")).toList()) {
                pages.put(folder.relativize(file).toString(), Jsoup.parse(file));
            }
        }
    }

    /** A link on a page that does not hold. */
    record Broken(String page, String target, String message) {
        String fragment() {
            return target.substring(target.indexOf('#') + 1);
        }
    }

    static List<Broken> broken(Path folder) throws IOException {
        Links links = new Links(folder);
        links.pages.forEach(links::check);
        return links.broken;
    }

    private void check(String page, Document html) {
        for (Element link : html.select("a[href], area[href]")) {
            String target = link.attr("href");
            String problem = target.matches("[a-z]+:.*") ? outside(target) : inside(page, target);
            if (problem != null) {
                broken.add(new Broken(page, target, "the link to " + target + " leads nowhere: " + problem));
            }
        }
        for (Element fetching : html.select("[src], link[href], image[href], use[href], object[data]")) {
            String target = fetching.attr(fetching.hasAttr("src") ? "src" : fetching.hasAttr("href") ? "href" : "data");
            if (!target.startsWith("data:")) {
                fetched(page, target);
            }
        }
        for (Element style : html.select("style, [style]")) {
            FETCHED.matcher(style.tagName().equals("style") ? style.data() : style.attr("style"))
                    .results()
                    .forEach(url -> fetched(page, url.group(1)));
        }
    }

    private void fetched(String page, String target) {
        if (target.matches("[a-z]+:.*|//.*")) {
            broken.add(new Broken(page, target, "the page would fetch " + target + " from outside"));
        } else if (!Files.isRegularFile(folder.resolve(beside(page, target)))) {
            broken.add(new Broken(page, target, "there is no file " + target));
        }
    }

    private static String beside(String page, String target) {
        return Path.of(page).resolveSibling(target).normalize().toString();
    }

    private static String outside(String target) {
        try {
            URI uri = new URI(target);
            return "https".equals(uri.getScheme()) && uri.getHost() != null ? null : "not an https address";
        } catch (URISyntaxException e) {
            return e.getReason();
        }
    }

    private String inside(String page, String target) {
        String[] parts = target.split("#", 2);
        String file = parts[0].isEmpty() ? page : beside(page, parts[0]);
        if (!Files.isRegularFile(folder.resolve(file))) {
            return "there is no file " + file;
        }
        if (parts.length == 1 || !pages.containsKey(file)) {
            return null;
        }
        String anchor = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
        return pages.get(file).getElementById(anchor) != null ? null : "there is no #" + anchor + " in " + file;
    }
}
