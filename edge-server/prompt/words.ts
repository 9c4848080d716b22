/** What words mean to the prompt router, in English and Spanish. Patterns see text as `plainText` leaves it: lower case, no accents. */

export type Concept = keyof typeof PATTERNS
export type Language = 'en' | 'es'

const PEOPLE =
  'person|people|man|men|woman|women|guy|girl|boy|lady|actor|actress|dancer|singer|model|presenter|host|speaker|performer|skater|runner|player|subject|him|her|them|he|she|everyone|everybody|human'
const GENTE =
  'persona|personas|gente|hombre|mujer|chico|chica|nino|nina|senor|senora|actor|actriz|bailarin|bailarina|cantante|modelo|presentador|presentadora|protagonista|jugador|jugadora|sujeto|el tipo|ella'

const PATTERNS = {
  replace: {
    en: 'replac\\w*|swap\\w*|substitut\\w*|exchang\\w*|switch\\w*|recast\\w*|turn(?:s|ed|ing)?\\b.{1,60}?\\binto|become|becomes|instead of|change .{1,50}? (?:to|into|for|with)|transform\\w*',
    es: 'reempla\\w*|sustitu\\w*|intercambi\\w*|cambi\\w*|convert\\w*|conviert\\w*|transform\\w*|en lugar de|en vez de|que sea yo',
  },
  face: {
    en: 'faces?|faceswap\\w*|face-swap\\w*|deepfake\\w*|likeness|head swap',
    es: 'caras?|rostros?|faz|faceswap\\w*|deepfake\\w*',
  },
  person: { en: PEOPLE, es: GENTE },
  self: {
    en: 'me|my own|myself|i|my photo|my picture|my selfie',
    es: 'me|mi propia|conmigo|yo|mi foto|mi selfie|mi imagen',
  },
  character: {
    en: 'characters?|avatar|hero|mascot|robot|knight|astronaut|cartoon|anime|puppet|reference|the one in the (?:picture|image|photo)|my image',
    es: 'personajes?|avatar|heroe|heroina|mascota|robot|caballero|astronauta|dibujo|anime|muneco|referencia|el de la (?:foto|imagen)|la de la (?:foto|imagen)',
  },
  body: {
    en: 'whole body|full body|full-body|entire body|whole person|head to toe|body|clothes|clothing|outfit',
    es: 'cuerpo|cuerpo entero|de cuerpo entero|persona entera|de pies a cabeza|ropa|vestimenta',
  },
  motion: {
    en: 'danc\\w*|mov(?:e|es|ing|ement|ements)|motions?|walk\\w*|jump\\w*|run|runs|running|gestur\\w*|choreograph\\w*|moves|steps|spin\\w*|wav(?:e|es|ing)|action|actions|performance|skat\\w*|fight\\w*|kick\\w*|perform',
    es: 'bail\\w*|mov\\w*|muev\\w*|camin\\w*|salt\\w*|corr(?:e|er|a|iendo)|gest\\w*|coreografia\\w*|pasos|gir(?:a|e|ar|ando)|salud\\w*|accion\\w*|actuacion|patin\\w*|pele\\w*|danza\\w*',
  },
  copy: {
    en: 'transfer\\w*|cop(?:y|ies|ying)|mimic\\w*|imitat\\w*|appl(?:y|ies|ying)|retarget\\w*|mirror\\w*|drive|drives|driven|driving|map|repeat|reproduce|reuse|use the',
    es: 'transf(?:er|ier)\\w*|transferencia|copi\\w*|imit\\w*|aplic\\w*|repit\\w*|repet\\w*|reproduc\\w*|traslad\\w*|usa(?:r|ndo)? (?:el|la|los)',
  },
  asVideo: {
    en: "(?:like|as|same as|from|with|to|of|following|follows?|in) (?:in |on |the one in )?(?:the|this|that|my) (?:\\w+ )?(?:video|clip|footage|recording|movie)|same (?:moves|movements?|motion|dance|steps|choreography|gestures)|(?:the )?video'?s (?:motion|movement|moves)",
    es: '(?:como|igual que|del?|con|segun|siguiendo|al|en) (?:en |a )?(?:el |la |este |esta |ese |mi )?(?:video|clip|grabacion|pelicula)|(?:los )?mismos (?:pasos|movimientos|gestos)|la misma (?:coreografia|danza)|mismo baile',
  },
  expression: {
    en: 'expression\\w*|smil\\w*|blink\\w*|talk\\w*|speak\\w*|sing|sings|singing|lips?|lip-?sync\\w*|wink\\w*|laugh\\w*|nod\\w*|frown\\w*|mouth|head (?:turn|movement|motion)\\w*|eyebrows?|facial',
    es: 'expresion\\w*|sonri\\w*|sonreir|parpade\\w*|habl\\w*|cant(?:a|e|ar|ando)|labios?|guin\\w*|ri(?:e|a|endo)|reir|asient\\w*|boca|gestos? (?:de la cara|faciales)|faciales|mueva la cabeza',
  },
  portrait: {
    en: 'portraits?|photos?|photograph\\w*|paintings?|picture|selfie|headshot|statue|drawing|mona lisa|still|grandmother|grandfather|grandma|grandpa',
    es: 'retratos?|fotos?|fotografia\\w*|pinturas?|cuadros?|imagen|selfie|estatua|dibujo|mona lisa|abuel\\w*|gioconda',
  },
  animate: {
    en: 'animat\\w*|bring .{0,30}?(?:to life|alive)|come(?:s)? (?:to life|alive)|make .{0,30}?alive',
    es: 'anim(?:a|ar|e|ame|ado|ada|acion)\\b|da(?:r|le)? vida|cobre vida|que viva',
  },
  put: {
    en: 'put|place|insert|imagine|show|generate|create|make a (?:video|clip|scene|movie)|film|video of|clip of|scene (?:of|with|where)|star(?:s|ring)?',
    es: 'pon(?:me|er|ga|lo|la)?|coloca\\w*|inserta\\w*|imagina\\w*|muestra\\w*|genera\\w*|crea\\w*|haz (?:un|una) (?:video|clip|escena|pelicula)|video de|escena (?:de|con|donde)',
  },
  scene: {
    en: 'scenes?|(?:on|at|in|through|under|inside|across|along) (?:a |an |the )?(?:\\w+ ){0,2}?(?:beach|moon|mars|street|streets|city|forest|castle|office|kitchen|desert|snow|rain|space|stage|park|sea|ocean|mountain|mountains|paris|tokyo|new york|london|rome|cafe|bar|school|train|spaceship|jungle|underwater|sunset|market|garden|library|studio|stadium|bridge|club)',
    es: 'escenas?|(?:en|por|sobre|bajo|dentro de) (?:una? |el |la |las |los )?(?:\\w+ ){0,2}?(?:playa|luna|marte|calle|calles|ciudad|bosque|castillo|oficina|cocina|desierto|nieve|lluvia|espacio|escenario|parque|mar|oceano|montana|montanas|paris|tokio|nueva york|londres|roma|madrid|cafe|bar|escuela|tren|nave|selva|agua|atardecer|mercado|jardin|biblioteca|estudio|estadio|puente)',
  },
  keepScene: {
    en: "(?:keep\\w*|preserv\\w*|leav\\w*|retain\\w*|maintain\\w*|same|original|without (?:changing|touching)|don'?t (?:change|touch)) (?:\\w+ ){0,4}?(?:background|scene|lighting|light|camera|environment|surroundings|setting|rest|footage)|blend\\w*|seamless\\w*|relight\\w*|re-light\\w*|match\\w* the (?:light|lighting|scene|colou?rs?)|fits? the (?:light|lighting|scene)",
    es: '(?:mant\\w*|conserv\\w*|preserv\\w*|dej\\w*|misma?|original|sin (?:cambiar|tocar)|no (?:cambies|toques)) (?:\\w+ ){0,4}?(?:fondo|escena|luz|iluminacion|camara|entorno|resto)|integr\\w*|que encaje|iluminacion de la escena|fondo original|misma (?:luz|iluminacion|escena)|mismo fondo',
  },
  pose: {
    en: 'poses?|posture|skeleton|openpose|dwpose|exact(?:ly)? (?:the )?same (?:pose|movement|position)s?|frame by frame',
    es: 'poses?|posturas?|esqueleto|openpose|dwpose|posicion(?:es)? exactas?|fotograma a fotograma',
  },
  restyle: {
    en: 'restyl\\w*|in the style of|as an? (?:\\w+ ){0,2}?(?:cartoon|anime|painting|claymation|sketch|comic)|new (?:look|world|setting|scene)|different (?:scene|place|setting|world|background)|described',
    es: 'con (?:el )?estilo|al estilo|en estilo|como (?:un |una )?(?:dibujo animado|anime|pintura|plastilina|boceto|comic)|nuevo (?:mundo|aspecto|fondo)|nueva escena|otro (?:lugar|mundo|fondo)|otra escena',
  },
  keepPicture: {
    en: "(?:background|setting|scene) of (?:the|my) (?:picture|image|photo)|(?:picture|image|photo)'?s (?:background|scene)|stay(?:s)? in (?:the|its) (?:picture|image|photo)",
    es: 'fondo de (?:la|mi) (?:foto|imagen)|escena de (?:la|mi) (?:foto|imagen)',
  },
  vace: { en: 'vace', es: 'vace' },
  wanAnimate: { en: 'wan ?(?:2\\.2 ?)?animate|wan-animate', es: 'wan ?(?:2\\.2 ?)?animate|wan-animate' },
  mix: {
    en: '(?:animate|mode) mix|mix mode|replacement mode|replacement',
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

const COMPILED = Object.entries(PATTERNS).map(([concept, { en, es }]) => ({
  concept: concept as Concept, // the keys of PATTERNS
  en: new RegExp(`(?<![\\p{L}\\p{N}])(?:${en})(?![\\p{L}\\p{N}])`, 'gu'),
  es: new RegExp(`(?<![\\p{L}\\p{N}])(?:${es})(?![\\p{L}\\p{N}])`, 'gu'),
}))

/** Words that only one of the two languages has. */
const TELL = {
  en: /(?<!\p{L})(?:the|with|and|of|my|this|that|like|make|in|is|to|into|his|her|on|from|for|it)(?!\p{L})/gu,
  es: /(?<!\p{L})(?:el|la|los|las|con|y|de|del|mi|este|esta|como|haz|que|en|por|una?|al|su|sus|se|para)(?!\p{L})/gu,
}

export function languageOf(plain: string): Language {
  const count = (language: Language) => plain.match(TELL[language])?.length ?? 0
  return count('es') > count('en') ? 'es' : 'en'
}

/** Each concept in the text, with the words that say it. */
export function conceptsIn(plain: string, language: Language): ReadonlyMap<Concept, string> {
  const found = new Map<Concept, string>()
  for (const entry of COMPILED) {
    const match = plain.match(entry[language])
    if (match?.[0]) found.set(entry.concept, match[0])
  }
  return found
}
