/** What words mean to the prompt router, in English and Spanish. Patterns see text as `plainText` leaves it: lower case, no accents. */

export type Concept = keyof typeof PATTERNS
export type Language = 'en' | 'es'

const raw = String.raw

/** Looks that a whole film can have. */
export const STYLES = {
  en: 'anime|manga|cartoons?|claymation|clay|stop motion|oil painting|watercolou?r|pixar|disney|(?:studio )?ghibli|comic(?: book)?|sketch|pencil|film noir|noir|cyberpunk|steampunk|photorealistic|realistic|vintage|retro|lego|3d|pixel art|impressionist|van gogh|low poly|origami',
  es: 'anime|manga|dibujos? animados?|plastilina|claymation|oleo|acuarelas?|pixar|disney|ghibli|comic|boceto|lapiz|cine negro|ciberpunk|cyberpunk|fotorrealista|realista|retro|lego|3d|pixel art|impresionista|van gogh|origami',
} as const

const PEOPLE =
  'person|people|man|men|woman|women|guy|girl|boy|lady|kid|child|actors?|actress|dancers?|singer|model|presenter|host|speaker|performer|skater|runner|gymnast|stuntman|stuntwoman|player|subject|him|her|them|he|she|everyone|everybody|human'
const GENTE =
  'persona|personas|gente|hombre|mujer|chicos?|chicas?|nino|nina|senor|senora|actor|actriz|bailarin|bailarina|cantante|modelo|presentador|presentadora|protagonista|gimnasta|jugador|jugadora|sujeto|tipo|tio|ella'
/** What is not a place, though it stands behind "in the". */
const THINGS = `video|clip|footage|recording|movie|picture|image|photo|photograph|painting|portrait|shot|style|pose|poses|face|faces|body|light|lighting|place|lead|style of|left|right|meeting|${PEOPLE}|character|statue|reference`
const COSAS = `video|clip|grabacion|pelicula|foto|imagen|cuadro|retrato|plano|estilo|pose|cara|rostro|cuerpo|luz|lugar|izquierda|derecha|${GENTE}|personaje|estatua|referencia`
const SHOT =
  'background|scene|lighting|light|camera|environment|surroundings|setting|rest|footage|plate|shot|grain|everything(?: else)?'
const PLANO = 'fondo|escena|luz|iluminacion|camara|entorno|resto|plano|grano|todo lo demas'

/** `en` and `es` are alternatives of a regular expression, matched at the borders of words. */
const PATTERNS = {
  replace: {
    en: raw`replac\w*|swap\w*|substitut\w*|exchang\w*|switch\w*|recast\w*|turn(?:s|ed|ing)?\b.{1,60}?\binto|become|becomes|instead of|change .{1,50}? (?:to|into|for|with)|transform\w*|body double|double for|(?:in|take) (?:the )?place of|(?:is|be|being) the one in|remov\w*(?! the background)|(?:take|takes|taking) (?:\w+ ){1,3}?out|get rid of|(?:take|takes|play|plays|in) the (?:role|part) of|convert\w*|over the (?:${PEOPLE})|new (?:actor|actress|person)|where (?:the|that) \w+ (?:is|was|stands|sits)`,
    es: raw`reempla\w*|sustit\w*|intercambi\w*|cambi\w*|convert\w*|conviert\w*|transform\w*|en (?:el )?lugar de(?:l)?|en vez de(?:l)?|que sea yo|pasa a ser|en el papel del?|doble de|quit\w*(?! el fondo)|elimin\w*|(?:haga|haz|hace) (?:el )?papel del?|encima de (?:la|el) (?:${GENTE})|nuevo actor|nueva actriz|donde esta (?:el|la) \w+`,
  },
  face: {
    en: raw`faces?|faceswap\w*|face-swap\w*|deepfake\w*|likeness|head swap|heads? (?:on|onto)|(?:his|her|their|the) head with|(?:swap|change|replace) (?:the |his |her |their )?heads?`,
    es: raw`caras?|rostros?|faz|faceswap\w*|deepfake\w*|cabeza en el cuerpo|(?:su|la) cabeza por|mi cabeza|cambi\w* (?:la |su )?cabeza`,
  },
  onlyFace: {
    en: raw`(?:just|only) (?:\w+ ){0,2}?faces?|faces? (?:\w+ ){0,2}?only`,
    es: raw`(?:solo|solamente|unicamente) (?:\w+ ){0,2}?(?:caras?|rostros?)|(?:caras?|rostros?) (?:solo|solamente)`,
  },
  person: { en: PEOPLE, es: GENTE },
  self: {
    en: raw`me|us|mine|myself|i|my (?!character)\w+|this (?:${PEOPLE})|the (?:${PEOPLE}) (?:in|from|of) (?:the|my) (?:picture|image|photo)`,
    es: raw`me|mi[oa]|conmigo|yo|nosotros|mi (?!personaje)\w+|est[ea] (?:${GENTE})|de mi foto`,
  },
  character: {
    en: 'characters?|avatar|hero|mascot|robot|knight|astronaut|samurai|wizard|alien|cartoon|anime|puppet|statue|drawing|reference|the one in the (?:picture|image|photo)|my (?:image|\\w+ picture|drawing)',
    es: 'personajes?|avatar|heroe|heroina|mascota|robot|caballero|astronauta|samurai|mago|alienigena|dibujo|anime|muneco|estatua|referencia|el de la (?:foto|imagen)|la de la (?:foto|imagen)',
  },
  body: {
    en: 'whole body|full body|full-body|entire body|whole person|entire person|head to toe|body|clothes|clothing|outfit',
    es: 'cuerpo|cuerpo entero|de cuerpo entero|persona entera|de pies a cabeza|ropa|vestimenta',
  },
  motion: {
    en: raw`danc\w*|mov(?:e|es|ing|ement|ements)|motions?|walk\w*|jump\w*|run|runs|running|gestur\w*|choreograph\w*|moves|steps|spin\w*|wav(?:e|es|ing)|action|actions|performance|skat\w*|fight\w*|kick\w*|perform|backflips?|somersault\w*|do(?:es)? (?:exactly )?(?:what|the same|th(?:is|at|ese) \w+)`,
    es: raw`bail\w*|mov\w*|muev\w*|camin\w*|salt\w*|corr(?:e|er|a|iendo)|gest\w*|coreografia\w*|pasos|gir(?:a|e|ar|ando)|salud\w*|accion\w*|actuacion|patin\w*|pele\w*|danza\w*|voltereta\w*|(?:haga|hacer|hace) (?:exactamente )?lo (?:mismo|que)`,
  },
  copy: {
    en: raw`transfer\w*|cop(?:y|ies|ying)|mimic\w*|re-?enact\w*|imitat\w*|appl(?:y|ies|ying)|retarget\w*|mirror\w*|drive|drives|driven|driving|map|repeat|reproduce|reuse|use the|put it on|puppeteer\w*|(?:lip ?)?sync\w*`,
    es: raw`transf(?:er|ier)\w*|transferencia|copi\w*|imit\w*|aplic\w*|repit\w*|repet\w*|reproduc\w*|traslad\w*|usa(?:r|ndo)? (?:el|la|los)|sincroniz\w*`,
  },
  asVideo: {
    en: raw`(?:like|as|same as|from|with|to|of|following|follows?|in|using) (?:in |on |the one in )?(?:the|this|that|my) (?:\w+ )?(?:video|clip|footage|recording|movie)|same (?:\w+ and )?(?:moves|movements?|motion|dance|steps|choreography|gestures)|(?:the )?video'?s (?:motion|movement|moves)|(?:like|as) (?:him|her|them|he|she|they)|like the (?:${PEOPLE})|(?:the way|what) (?:he|she|they|the \w+)|my (?:moves|movements|dance|motion)|how i move|(?:this|that|these|those|keep\w* (?:the|my)) (?:\w+ )?(?:dance|choreography|moves|movements?|motion|walk|steps)`,
    es: raw`(?:como|igual que|del?|con|segun|siguiendo|al|en|usando) (?:en |a )?(?:el |la |este |esta |ese |mi )?(?:video|clip|grabacion|pelicula)|(?:los )?mismos (?:\w+ y )?(?:pasos|movimientos|gestos)|la misma (?:coreografia|danza)|mismo (?:baile|movimiento)|lo mismo que|como (?:ellos|ellas|ella|el (?:${GENTE})|la (?:${GENTE}))|mis movimientos|(?:est[eao]s?|manten\w* (?:el|la|los)) (?:baile|coreografia|movimientos?|pasos)`,
  },
  expression: {
    en: raw`expression\w*|smil\w*|blink\w*|talk\w*|speak\w*|speech|says?|saying|sing|sings|singing|lips?|lip-?sync\w*|wink\w*|laugh\w*|nod\w*|frown\w*|mouth|(?:head (?:turn|movement|motion)|mov\w* (?:its|his|her|the) head)\w*|eyebrows?|facial|(?:mimics?|imitates?|copies) (?:my|his|her) face`,
    es: raw`expresion\w*|sonri\w*|sonreir|parpade\w*|habl\w*|dig(?:a|o|an)|decir|cant(?:a|e|ar|ando)|labios?|guin\w*|ri(?:e|a|endo)|reir|asient\w*|boca|gestos? (?:de la cara|faciales)|faciales|muev[ae] la cabeza`,
  },
  portrait: {
    en: 'portraits?|photos?|photograph\\w*|paintings?|picture|selfie|headshot|talking head|statue|drawing|mona lisa|still|grandmother|grandfather|grandma|grandpa',
    es: 'retratos?|fotos?|fotografia\\w*|pinturas?|cuadros?|imagen|selfie|estatua|dibujo|mona lisa|abuel\\w*|gioconda',
  },
  animate: {
    en: raw`animat\w*|bring .{0,30}?(?:to life|alive)|come(?:s)? (?:to life|alive)|make .{0,30}?alive`,
    es: raw`anim(?:a|ar|e|ame|ado|ada|acion)\b|da(?:r|le)? vida|cobre vida|que viva`,
  },
  /** Somebody or something is made to do what follows. */
  letDo: {
    en: raw`(?:make|let|have|get|give) (?:the|this|that|my|his|her) (?!video|clip|footage)\w+`,
    es: raw`que (?:el|la|mi|este|esta) (?!video|clip)\w+|da(?:le|r)? .{0,20}?a(?:l| la)`,
  },
  put: {
    en: 'put|place|insert|imagine|show|see|generate|create|make (?:an? )?(?:\\w+ )?(?:video|clip|scene|movie|film)|film|video of|clip of|scene (?:of|with|where)|star(?:s|ring)?',
    es: 'pon(?:me|er|ga|lo|la|le|nos)?|coloca\\w*|inserta\\w*|imagina\\w*|muestra\\w*|ver|genera\\w*|crea\\w*|haz (?:un|una) (?:video|clip|escena|pelicula|corto)|video de|escena (?:de|con|donde)',
  },
  /** Something that goes on, said of somebody: "riding a horse". */
  doing: {
    en: raw`(?!(?:every|some|any|no)?thing\b|morning\b|evening\b|lighting\b|king\b|ring\b|string\b|painting\b|drawing\b|driving video|using\b|following\b|matching\b|keeping\b|changing\b|replacing\b|swapping\b|copying\b|building\b|clothing\b|talking head|being\b|setting\b)\w{2,}ing|(?:plays|explores|drinks|rides|casts|eats|drives|flies|climbs|swims|cooks)`,
    es: raw`(?!cuando\b|usando\b|siguiendo\b|copiando\b|cambiando\b|manteniendo\b)\w{2,}(?:ando|iendo|yendo)|(?:toca|explora|bebe|monta|come|conduce|vuela|escala|nada|cocina)|sentad[oa]s?|tumbad[oa]s?|vestid[oa]s?|de pie`,
  },
  scene: {
    en: raw`scenes?|(?:on|at|in|through|under|inside|across|along|down|around|over) (?:a |an |the )?(?:\w+ ){0,2}?(?:beach|moon|mars|streets?|city|forest|castle|office|kitchen|desert|snow|rain|space|stage|park|sea|ocean|waves?|mountains?|volcano|cave|paris|tokyo|new york|london|rome|cafe|bar|tavern|ship|school|train|car|spaceship|jungle|underwater|sunset|night|market|garden|library|studio|stadium|theat(?:re|er)|bridge|club|world|house|room|planet)`,
    es: raw`escenas?|(?:en|por|sobre|bajo|dentro de) (?:una? |el |la |las |los )?(?:\w+ ){0,2}?(?:playa|luna|marte|calles?|ciudad|bosque|castillo|oficina|cocina|desierto|nieve|lluvia|espacio|escenario|parque|mar|oceano|olas?|montanas?|volcan|cueva|paris|tokio|nueva york|londres|roma|madrid|cafe|bar|taberna|barco|escuela|tren|coche|nave|selva|agua|atardecer|noche|mercado|jardin|biblioteca|estudio|estadio|teatro|puente|mundo|casa|planeta)`,
  },
  /** A place of any kind; weaker than one that is known as such. */
  somewhere: {
    en: raw`(?:in|on|at|by|into|through|across|along|near|under) (?:an?|the) (?!(?:\w+ )?(?:${THINGS})\b)\w+|on mars|on stage`,
    es: raw`(?:en|por|sobre|ante|bajo|junto a) (?:un|una|el|la|los|las) (?!(?:\w+ )?(?:${COSAS})\b)\w+|en marte`,
  },
  keepScene: {
    en: raw`(?:keep\w*|preserv\w*|leav\w*|retain\w*|maintain\w*|same|original|existing|without (?:changing|touching)|do(?:n'?t| not) (?:change|touch)) (?:\w+ ){0,4}?(?:${SHOT})|blend\w*|seamless\w*|re-?light\w*|match\w* (?:the |its )?(?:\w+ and )?(?:light|lighting|scene|colou?rs?|grain|plate)|fits? the (?:light|lighting|scene)|(?:the rest|everything else) (?:\w+ ){0,2}?(?:same|alone|untouched|unchanged)|lit (?:like|as)|adapt\w* .{1,30}? to the (?:${SHOT})|(?:should|must|has to|have to) (?:remain|stay)(?: \w+)?(?: the)? (?:same|unchanged|as)`,
    es: raw`(?:mant\w*|conserv\w*|preserv\w*|respet\w*|dej\w*|misma?|original|sin (?:cambiar|tocar)|no (?:cambies|toques)) (?:\w+ ){0,4}?(?:${PLANO})|integr\w*|que encaje|iluminacion de la escena|fondo original|misma (?:luz|iluminacion|escena)|mismo fondo|adapt\w* .{1,30}? a la (?:luz|escena)|(?:debe|tiene que) quedar(?:se)? igual`,
  },
  pose: {
    en: 'poses?|posture|skeletons?|openpose|dwpose|key ?points?|exact(?:ly)? (?:the )?same (?:pose|movement|position)s?|frame by frame',
    es: 'poses?|posturas?|esqueletos?|openpose|dwpose|puntos clave|posicion(?:es)? exactas?|fotograma a fotograma',
  },
  restyle: {
    en: raw`(?:re-?)?styl[ie]\w*|re-?imagin\w*|in the style of|(?:change|another|different|new) (?:the )?(?:style|look)|as (?:an? )?(?:\w+ ){0,2}?(?:${STYLES.en})|(?:${STYLES.en}) (?:style|look|version|film|movie|scene|world|clip|video)|(?:in|to|into) (?:an? )?(?:${STYLES.en})(?: (?:${STYLES.en}))?(?= ?(?:[.,]|$|and |with |for ))|look like (?:an? )?(?:\w+ ){0,3}?(?:film|movie|painting|game|cartoon)|make (?:it|this|that|the (?:video|clip)) (?:an? |into )?(?:${STYLES.en})|change the (?:world|scene|scenery|setting|place)|new (?:look|world|setting|scene)|different (?:scene|place|setting|world|background)|as described`,
    es: raw`(?:re)?estiliz\w*|(?:con|en|cambi\w*) (?:el |un )?(?:otro )?estilo|al estilo|otro estilo|como (?:un |una )?(?:${STYLES.es}|pintura)|(?:version|estilo|pelicula|escena|mundo) (?:de |en |al )?(?:${STYLES.es})|(?:en|a) (?:un |una )?(?:${STYLES.es})(?= ?(?:[.,]|$|y |con |para ))|(?:hazlo|aspecto|como) (?:de |en |un |una )?(?:${STYLES.es})|cambi\w* (?:el|la) (?:mundo|lugar|escenario|escena)|nuevo (?:mundo|aspecto|fondo)|nueva escena|otro (?:lugar|mundo|fondo)|otra escena`,
  },
  keepPicture: {
    en: "(?:background|setting|scene) of (?:the|my) (?:picture|image|photo)|(?:picture|image|photo)'?s (?:background|scene)|stay(?:s)? in (?:the|its) (?:picture|image|photo)",
    es: 'fondo de (?:la|mi) (?:foto|imagen)|escena de (?:la|mi) (?:foto|imagen)',
  },
  mask: {
    en: raw`masks?|matte|mattes|cut(?:ting)? ?-?out|rotoscop\w*|segment(?:s|ed|ation)?|isolat\w*|alpha channel|green ?screen|remove the background`,
    es: raw`mascaras?|recort\w*|rotoscop\w*|segment\w*|aisl\w*|croma|quita\w* el fondo`,
  },
  extract: {
    en: raw`extract\w*|detect\w*|estimat\w*|track(?:s|ing)?|get|give me|save|export\w*|find`,
    es: raw`extra\w*|detect\w*|estim\w*|sac(?:a|ar|ame)|obten\w*|dame|guard\w*|export\w*`,
  },
  vace: { en: 'vace', es: 'vace' },
  wanAnimate: { en: raw`wan ?(?:2\.2 ?)?animate|wan-animate`, es: raw`wan ?(?:2\.2 ?)?animate|wan-animate` },
  mix: {
    en: '(?:animate|mode) mix|mix mode|replacement mode',
    es: '(?:animate|modo) mix|modo (?:de )?reemplazo',
  },
  move: { en: 'animate move|move mode|animation mode', es: 'animate move|modo move|modo (?:de )?animacion' },
  livePortrait: { en: 'live ?portrait', es: 'live ?portrait' },
  reactor: { en: 'reactor|inswapper|roop', es: 'reactor|inswapper|roop' },
  r2v: { en: 'r2v|reference[- ]to[- ]video', es: 'r2v|referencia a video' },
} as const satisfies Record<string, Record<Language, string>>

/** Lower case, accents off, punctuation but what patterns use turned to spaces. */
export const plainText = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’`´]/g, "'")
    .replace(/[^\p{L}\p{N}'.,%+-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()

const whole = (alternatives: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{N}])`, 'u')

const COMPILED = Object.entries(PATTERNS).map(([concept, { en, es }]) => ({
  concept: concept as Concept, // the keys of PATTERNS
  en: whole(en),
  es: whole(es),
}))

/** What is to stay as it is says nothing about what is to be done: "leave the body", "not only the face". */
const KEPT: Readonly<Record<Language, RegExp>> = {
  en: /\b(?:leav(?:e|ing)|keep(?:ing)?|do(?:n't| not) (?:touch|change)|without (?:touching|changing)|not (?:just|only)) (?:(?:the|his|her|their|my|its|own) ){0,2}(?:body|clothes|clothing|outfit|face|hair)\b/g,
  es: /\b(?:deja(?:ndo)?|manten(?:iendo)?|no toques|no cambies|sin (?:tocar|cambiar)|no solo) (?:(?:el|la|su|mi) ){0,2}(?:cuerpo|ropa|cara|rostro|pelo)\b/g,
}

/** Words that only one of the two languages has. */
const TELL = {
  en: /(?<!\p{L})(?:the|with|and|of|my|this|that|like|make|in|is|to|into|his|her|on|from|for|it|without)(?!\p{L})/gu,
  es: /(?<!\p{L})(?:el|la|los|las|con|y|de|del|mi|este|esta|como|haz|que|en|por|una?|al|su|sus|se|para|yo|sin|cambia|cara|quiero|esa?)(?!\p{L})/gu,
}

export function languageOf(plain: string): Language {
  const count = (language: Language) => plain.match(TELL[language])?.length ?? 0
  return count('es') > count('en') ? 'es' : 'en'
}

/** Each concept in the text, with the words that say it. */
export function conceptsIn(plain: string, language: Language): ReadonlyMap<Concept, string> {
  const asked = plain.replace(KEPT[language], ' ')
  const found = new Map<Concept, string>()
  for (const entry of COMPILED) {
    const [words] = asked.match(entry[language]) ?? []
    if (words) found.set(entry.concept, words)
  }
  return found
}
