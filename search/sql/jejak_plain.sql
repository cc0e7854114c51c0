-- Signs are taken apart here and not by the parser, which under some locales holds all beyond ASCII for letters; what
-- is the same to a reader (a ligature, a letter of full width, a space that does not break) becomes the same. Plain
-- ASCII, which most texts are, needs next to nothing of it.
CREATE OR REPLACE FUNCTION jejak_plain(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN octet_length(given) = length(given) THEN translate(given, '/_\|', '    ')
        ELSE translate(
                translate(
                    normalize(given, NFKC),
                    '’“”„‟«»‹›‘‚‛‐‑‒–—―…·•¡¿×÷−′″©®°§¶†‡',
                    '''                                  '
                ),
                'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž/_\|',
                'AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyyAaAaAaCcCcCcCcDdEeEeEeEeEeGgGgGgGgHhIiIiIiIiIJjKkLlLlLlNnNnNnOoOoOoRrRrRrSsSsSsSsTtTtUuUuUuUuUuUuWwYyYZzZzZz    '
            )
    END;
